import type { Catalogue } from "./catalogue.ts";

/** How it stands with an id: tests cite it, or it is missing, or it does not bind this product. */
export interface Standing {
  readonly status: "tested" | "missing" | "not-applicable";
  /** Why it is not tested; empty where it is. */
  readonly why: string;
  /** The test files that cite it, from the root of the repository. */
  readonly files: readonly string[];
}

/** Says how it stands with an id. */
export type StandingOf = (id: string) => Standing;

/** How things stand by the catalogue and the citations. A citation counts for more than what is written down. */
export function standings(catalogue: Catalogue, citations: ReadonlyMap<string, readonly string[]>): StandingOf {
  return (id) => {
    const files = citations.get(id) ?? [];
    if (files.length > 0) return { status: "tested", why: "", files };
    const gap = catalogue.gap(id);
    if (gap !== undefined) return { status: gap.status, why: gap.why, files };
    return { status: "missing", why: "no test cites it yet", files };
  };
}

/** How many of some ids stand how. */
export function tally(ids: readonly string[], standingOf: StandingOf): Readonly<Record<Standing["status"], number>> {
  const count = { tested: 0, missing: 0, "not-applicable": 0 };
  for (const id of ids) count[standingOf(id).status] += 1;
  return count;
}
