// All of OCPP 2.0.1: every validator, by action.
import { v201 } from "@ocpp/v201";

const actions: { readonly [name: string]: { request(value: unknown): unknown; response?(value: unknown): unknown } } =
  v201.actions;

export const validate = (action: string, part: "request" | "response", value: unknown): unknown =>
  actions[action]?.[part]?.(value);
