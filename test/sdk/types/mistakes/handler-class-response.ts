// A method of a class returns the wrong response.
import { station } from "@ocpp/core";
import type { ResetRequest } from "@ocpp/v201";
import { small201 } from "../subsets.ts";

class Behaviour {
  GetVariables() {
    return { getVariableResult: [] };
  }
  Reset(request: ResetRequest) {
    return { state: request.type };
  }
}
// error TS2345: The types returned by 'Reset(...)' are incompatible
station(small201, new Behaviour());
