import type { Write } from "./store.ts";

/** The table that a statement is for; `other` where that cannot be seen. */
function tableOf(sql: string): string {
  return /^\s*(?:insert into|update|delete from)\s+"?(\w+)/i.exec(sql)?.[1] ?? "other";
}

/** Adds the statements of units to counts by their tables. */
export function countByTable(
  units: readonly { readonly writes: readonly Write[] }[],
  counts: Map<string, number>,
): void {
  for (const { writes } of units) {
    for (const { sql } of writes) {
      const table = tableOf(sql);
      counts.set(table, (counts.get(table) ?? 0) + 1);
    }
  }
}
