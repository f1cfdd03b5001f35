// Every validator of OCPP 1.6, by action.
import { v16 } from "@ocpp/v16";

const actions: { readonly [name: string]: { request(value: unknown): unknown; response?(value: unknown): unknown } } =
  v16.actions;

export const validate = (action: string, part: "request" | "response", value: unknown): unknown =>
  actions[action]?.[part]?.(value);
