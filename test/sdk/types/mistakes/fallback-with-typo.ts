// The option fallback is misspelt, so the map is incomplete.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2561: 'fallbak' does not exist in type … Did you mean to write 'fallback'?
station(small201, { Reset: () => ({ status: "Accepted" }) }, { fallbak: () => ({}) });
