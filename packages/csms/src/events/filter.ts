import type { CsmsEvent, EventFilter } from "./events.ts";

/** Whether a kind is one of those wanted: the same, or of a family that is wanted. */
function wantsKind(wanted: readonly string[], kind: string): boolean {
  return wanted.some((one) => kind === one || kind.startsWith(`${one}.`));
}

/** Whether an event is one of those that a filter lets through. */
export function matchesFilter({ stations, kinds }: EventFilter, event: Pick<CsmsEvent, "stationId" | "kind">): boolean {
  const { stationId, kind } = event;
  if (stations !== undefined && (stationId === null || !stations.includes(stationId))) return false;
  return kinds === undefined || wantsKind(kinds, kind);
}

/**
 * The ranges of kinds that a list of kinds and families stands for, for a database: each kind as itself, and each family
 * from its dot to the character after it. No kind has a character between the two.
 */
export function kindRanges(kinds: readonly string[]): { readonly from: string; readonly to: string }[] {
  return kinds.flatMap((kind) => [
    { from: kind, to: kind },
    { from: `${kind}.`, to: `${kind}.~` },
  ]);
}
