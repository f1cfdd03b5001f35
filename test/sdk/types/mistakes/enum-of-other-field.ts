// A value of another field's list.
import { csms } from "@ocpp/core";
import { BootReasonEnum } from "@ocpp/v201";
import { small201 } from "../subsets.ts";

// error TS2322: Type '"PowerUp"' is not assignable to type 'RegistrationStatusEnum'.
csms(small201, {
  Authorize: () => ({ idTokenInfo: { status: "Accepted" } }),
  BootNotification: () => ({ status: BootReasonEnum.PowerUp, currentTime: "t", interval: 1 }),
});
