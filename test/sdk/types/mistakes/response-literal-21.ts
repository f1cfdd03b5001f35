// A wrong literal in a response (2.1).
import { station } from "@ocpp/core";
import { small21 } from "../subsets.ts";

// error TS2820: Type '"Acepted"' is not assignable to type 'TariffSetStatusEnum'. Did you mean '"Accepted"'?
station(small21, { SetDefaultTariff: () => ({ status: "Acepted" }) });
