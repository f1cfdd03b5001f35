import type { Edition } from "./edition.ts";
import { ocpp16 } from "./ocpp-1.6.ts";
import { ocpp201 } from "./ocpp-2.0.1.ts";
import { ocpp21 } from "./ocpp-2.1.ts";

/** The versions that packages are generated for, oldest first. */
export const editions: readonly Edition[] = [ocpp16, ocpp201, ocpp21];
