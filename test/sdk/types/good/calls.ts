// Calls infer their requests and responses exactly, in every version and from both sides.
import type * as v16 from "@ocpp/v16";
import type * as v21 from "@ocpp/v21";
import type * as v201 from "@ocpp/v201";
import { csms16, csms21, csms201, station16, station21, station201 } from "../connections.ts";
import { same } from "./assertion.ts";

const boot16 = await station16.call("BootNotification", { chargePointModel: "m", chargePointVendor: "v" });
same<typeof boot16, v16.BootNotificationResponse>(true);

const boot201 = await station201.call(
  "BootNotification",
  { reason: "PowerUp", chargingStation: { model: "m", vendorName: "v" } },
  { timeout: 1_000, signal: new AbortController().signal },
);
same<typeof boot201, v201.BootNotificationResponse>(true);
same<typeof boot201.status, "Accepted" | "Pending" | "Rejected">(true);
same<typeof boot201.statusInfo, v201.StatusInfo | undefined>(true);

const swap = await station21.call("BatterySwap", {
  batteryData: [{ evseId: 1, serialNumber: "s", soC: 50, soH: 99 }],
  eventType: "BatteryIn",
  idToken: { idToken: "x", type: "Local" },
  requestId: 1,
});
same<typeof swap, v21.BatterySwapResponse>(true);

same<Awaited<ReturnType<typeof reset>>, v201.ResetResponse>(true);
export const reset = () => csms201.call("Reset", { type: "OnIdle", evseId: undefined });

const configuration = await csms16.call("GetConfiguration", {});
same<typeof configuration, v16.GetConfigurationResponse>(true);
same<Parameters<typeof csms16.callByName>[1], unknown>(true);

await csms21.call("SetDefaultTariff", { evseId: 1, tariff: { tariffId: "t", currency: "EUR" } });
await station16.call("Heartbeat", {});
await station201.call("Heartbeat", {});

station21.send("NotifyPeriodicEventStream", {
  id: 1,
  pending: 0,
  basetime: "2026-01-01T00:00:00Z",
  data: [{ t: 0, v: "1" }],
});

// What comes from either side is called by both.
await station16.call("DataTransfer", { vendorId: "com.example", data: "text" });
await csms201.call("DataTransfer", { vendorId: "com.example", data: { any: ["json"] } });

export const unknown: unknown = await csms201.callByName("Reset", { type: "OnIdle" });
