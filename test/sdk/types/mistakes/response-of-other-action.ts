// The response of another action.
import { csms } from "@ocpp/core";
import type { HeartbeatResponse } from "@ocpp/v201";
import { small201 } from "../subsets.ts";

declare const beat: HeartbeatResponse;
// error TS2322: Type 'HeartbeatResponse' is missing the following properties from type 'BootNotificationResponse': interval, status
csms(small201, {
  Authorize: () => ({ idTokenInfo: { status: "Accepted" } }),
  BootNotification: () => beat,
});
