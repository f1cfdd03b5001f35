// Literals and the lists of values are both fine to write; vendors' fields are typed where they are named.
import { AuthorizationStatus, type AuthorizeResponse as AuthorizeResponse16, ResetType } from "@ocpp/v16";
import {
  type AuthorizeResponse,
  BootReasonEnum,
  type CustomData,
  type HeartbeatRequest,
  RegistrationStatusEnum,
  validateHeartbeatRequest,
} from "@ocpp/v201";
import { csms16, station201 } from "../connections.ts";
import { same } from "./assertion.ts";

await csms16.call("Reset", { type: ResetType.Soft });
const boot = await station201.call("BootNotification", {
  reason: BootReasonEnum.PowerUp,
  chargingStation: { model: "m", vendorName: "v", modem: { iccid: undefined } },
});
if (boot.status === RegistrationStatusEnum.Accepted) same<typeof boot.status, "Accepted">(true);

const status: RegistrationStatusEnum = "Pending";
export const statuses: readonly RegistrationStatusEnum[] = Object.values(RegistrationStatusEnum);
export const known = (text: string): text is RegistrationStatusEnum => (statuses as readonly string[]).includes(text);
export const accepted: AuthorizeResponse16 = { idTagInfo: { status: AuthorizationStatus.Accepted } };
export const answer: AuthorizeResponse = { idTokenInfo: { status: "Accepted" } };
export const text: string = status;

const customData: CustomData<{ slot: number; rack?: string }> = { vendorId: "com.example", slot: 3 };
same<typeof customData.slot, number>(true);
export const beat: HeartbeatRequest = { customData };
await station201.call("Heartbeat", { customData: { vendorId: "com.example", anything: { nested: [true] } } });

const violation = validateHeartbeatRequest({});
export const path: readonly (string | number)[] = violation?.path ?? [];
