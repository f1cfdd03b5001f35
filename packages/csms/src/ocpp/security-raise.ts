import { passwordFate, securityProfileIn } from "../commands/credentials.ts";
import { createCommandQueries } from "../commands/repository.ts";
import type { Store } from "../store/store.ts";
import type { CommandRow } from "../store/tables/commands.ts";

/** How far back the commands of a station are looked through. */
const most = 50;

function parse(text: string | null): unknown {
  if (text === null) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * The security profile that a station is held to from now on: the one that it was told to use and has accepted, where that is
 * higher than the one it is held to and the connection fulfils it (A05.FR.07). A connection that fulfils a higher one than was
 * asked for raises it no further. Undefined where nothing changes. Only the newest such command counts. `commands` the newest
 * first.
 */
export function raisedProfile(
  commands: readonly Pick<CommandRow, "action" | "payload" | "result">[],
  held: number,
  shown: number,
): number | undefined {
  for (const { action, payload, result } of commands) {
    const profile = securityProfileIn(action, parse(payload));
    if (profile === undefined || passwordFate(action, parse(result)) === "refused") continue;
    return profile > held && profile <= shown ? profile : undefined;
  }
  return undefined;
}

/** Looks up what a station has accepted, and judges by it. */
export async function findRaisedProfile(
  store: Store,
  stationId: string,
  held: number,
  shown: number,
): Promise<number | undefined> {
  if (shown <= held) return undefined;
  const actions = ["ChangeConfiguration", "SetNetworkProfile"];
  const commands = await createCommandQueries(store).answered(stationId, actions, most);
  return raisedProfile(commands, held, shown);
}
