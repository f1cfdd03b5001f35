// A field of a response is missing (1.6).
import { csms } from "@ocpp/core";
import { small16 } from "../subsets.ts";

// error TS2322: Type '{}' is not assignable to type … AuthorizeResponse
csms(small16, { Authorize: () => ({}), DataTransfer: () => ({ status: "Rejected" }) });
