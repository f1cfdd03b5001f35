// A response where a handler belongs.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2353: 'status' does not exist in type 'Handler<ResetRequest, ResetResponse,
station(small201, { GetVariables: () => ({ getVariableResult: [] }), Reset: { status: "Accepted" } });
