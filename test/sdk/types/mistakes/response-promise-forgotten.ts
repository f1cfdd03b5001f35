// The promise of a lookup is given where its value belongs.
import { csms } from "@ocpp/core";
import { small201 } from "../subsets.ts";

declare function statusOf(idToken: string): Promise<"Accepted" | "Blocked">;
// error TS2322: Type 'Promise<"Accepted" | "Blocked">' is not assignable to type 'AuthorizationStatusEnum'.
csms(small201, {
  Authorize: ({ idToken }) => ({ idTokenInfo: { status: statusOf(idToken.idToken) } }),
  BootNotification: () => ({ status: "Accepted", currentTime: "t", interval: 1 }),
});
