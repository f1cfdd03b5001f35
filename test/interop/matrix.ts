import type { DemoStation, FollowUp, Version } from "@ocpp/demo";
import { station16, station21, station201 } from "@ocpp/demo";

/** A version as both libraries are run with it. */
export interface Row {
  readonly version: Version;
  readonly subprotocol: string;
  /**
   * Whether ocpp-rpc validates with ajv and its own copy of the schemas. Its schemas of 2.1 are registered under names
   * that its code does not look for, so strict mode answers ProtocolError to every message there.
   */
  readonly strict: boolean;
  readonly makeStation: (followUp: FollowUp) => DemoStation;
  /** How the version spells the code for a field that is missing, and what ocpp-rpc 2.2.1 makes of it. */
  readonly missingField: string;
}

/** Every version that ocpp-rpc has. */
export const matrix: readonly Row[] = [
  {
    version: "1.6",
    subprotocol: "ocpp1.6",
    strict: true,
    makeStation: station16,
    missingField: "OccurenceConstraintViolation",
  },
  {
    version: "2.0.1",
    subprotocol: "ocpp2.0.1",
    strict: true,
    makeStation: station201,
    missingField: "OccurrenceConstraintViolation",
  },
  {
    version: "2.1",
    subprotocol: "ocpp2.1",
    strict: false,
    makeStation: station21,
    missingField: "OccurrenceConstraintViolation",
  },
];
