// Most handlers of a whole version are missing.
import { station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";

// error TS2345: is missing the following properties from type 'Handlers<V201, "station", unknown>': CancelReservation, CertificateSigned, ChangeAvailability, ClearCache, and 35 more.
station(v201, { Reset: () => ({ status: "Accepted" }) });
