// A vendor's action without validators.
import { station } from "@ocpp/core";
import { edition } from "@ocpp/v201";

const AcmePing = { name: "AcmePing", from: "csms" } as const;
// error TS2741: Property 'request' is missing in type
station({ ...edition, actions: { AcmePing } }, {}, { fallback: () => ({}) });
