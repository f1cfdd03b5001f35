// An endpoint of an edition without actions.
import { station } from "@ocpp/core";
import { edition } from "@ocpp/v201";

// error TS2345, in 7.0 TS2741: Property 'actions' is missing in type
station(edition, {});
