// A handler's name of 1.6, where 2.0.1 has another for the same thing.
import { station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";

// error TS2561: 'RemoteStopTransaction' does not exist in type … Did you mean to write 'RequestStopTransaction'?
station(v201, { RemoteStopTransaction: () => ({ status: "Accepted" }) }, { fallback: () => ({}) });
