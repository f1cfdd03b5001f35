// An answer compared with a value that it never has.
import { station201 } from "../connections.ts";

const answer = await station201.call("BootNotification", {
  reason: "PowerUp",
  chargingStation: { model: "m", vendorName: "v" },
});
// error TS2367: This comparison appears to be unintentional because the types 'RegistrationStatusEnum' and '"Acepted"' have no overlap.
if (answer.status === "Acepted") console.log(answer.interval);
