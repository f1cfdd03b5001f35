// What typed-ocpp validates 2.0.1 with.
import { OCPP20 } from "typed-ocpp";

export const validate = (value: unknown): boolean => OCPP20.validate(value);
