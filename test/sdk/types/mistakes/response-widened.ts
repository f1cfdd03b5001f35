// A status widened to string, in a handler kept apart.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

const Reset = () => ({ status: "Accepted" });
// error TS2322: Type 'string' is not assignable to type 'ResetStatusEnum'.
station(small201, { GetVariables: () => ({ getVariableResult: [] }), Reset });
