import { commands2x } from "./v2x/commands.ts";
import { commands16 } from "./v16/commands.ts";
import { type Subprotocol, subprotocols } from "./version.ts";
import type { VersionCommands } from "./version-commands.ts";
import { isSubprotocol } from "./versions.ts";

const bySubprotocol: Readonly<Record<Subprotocol, VersionCommands>> = {
  "ocpp2.1": commands2x,
  "ocpp2.0.1": commands2x,
  "ocpp1.6": commands16,
};

/** The commands of the version of a subprotocol; those of the newest where it is none of ours. */
export function commandsOf(subprotocol: string): VersionCommands {
  return bySubprotocol[isSubprotocol(subprotocol) ? subprotocol : subprotocols[0]];
}
