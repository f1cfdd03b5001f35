import { v201 } from "@ocpp/v201";
import { facts2x } from "../v2x/version.ts";
import type { Version } from "../version.ts";

/** OCPP 2.0.1. */
export const version201: Version = { name: "v201", title: "OCPP 2.0.1", protocol: v201, ...facts2x };
