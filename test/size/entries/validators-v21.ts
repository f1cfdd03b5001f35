// Every validator of OCPP 2.1, by action.
import { v21 } from "@ocpp/v21";

const actions: { readonly [name: string]: { request(value: unknown): unknown; response?(value: unknown): unknown } } =
  v21.actions;

export const validate = (action: string, part: "request" | "response", value: unknown): unknown =>
  actions[action]?.[part]?.(value);
