import { v21 } from "@ocpp/v21";
import { facts2x } from "../v2x/version.ts";
import type { Version } from "../version.ts";

/** OCPP 2.1. */
export const version21: Version = { name: "v21", title: "OCPP 2.1", protocol: v21, ...facts2x };
