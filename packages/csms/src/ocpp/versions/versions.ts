import { version16 } from "./v16/version.ts";
import { version21 } from "./v21/version.ts";
import { version201 } from "./v201/version.ts";
import { type Subprotocol, subprotocols, type Version, type VersionFacts } from "./version.ts";

const bySubprotocol: Readonly<Record<Subprotocol, Version>> = {
  "ocpp2.1": version21,
  "ocpp2.0.1": version201,
  "ocpp1.6": version16,
};

/** The versions that the CSMS serves, the newest first. */
export const versions: readonly Version[] = subprotocols.map((subprotocol) => bySubprotocol[subprotocol]);

/** Whether a text is the subprotocol of a version that the CSMS serves. */
export function isSubprotocol(text: string | null | undefined): text is Subprotocol {
  return text !== null && text !== undefined && Object.hasOwn(bySubprotocol, text);
}

/** The version of a subprotocol; undefined where it is none of ours. */
export function versionOf(subprotocol: string | null | undefined): Version | undefined {
  return isSubprotocol(subprotocol) ? bySubprotocol[subprotocol] : undefined;
}

/** The facts of a version; those of the newest where it is none of ours, or the station has never connected. */
export function factsOf(subprotocol: string | null | undefined): VersionFacts {
  return versionOf(subprotocol) ?? bySubprotocol["ocpp2.1"];
}
