import type { Store, Write, WriteQuery } from "../store/store.ts";
import type { ApiKeyRow } from "../store/tables/http.ts";
import type { AuditRow } from "../store/tables/observability.ts";

/** The rows of the keys to REST. */
export interface ApiKeyRepository {
  readonly all: () => Promise<ApiKeyRow[]>;
  insertion(row: ApiKeyRow): WriteQuery;
  /** The write that revokes a key, unless it is revoked already. */
  revocation(id: number, now: number): WriteQuery;
  /** The write of when a key was used last. */
  readonly use: (row: Pick<ApiKeyRow, "id" | "last_used_at">) => Write;
}

/** Makes the repository of keys. */
export function createApiKeyRepository(store: Store): ApiKeyRepository {
  const { reader } = store;
  return {
    all: () => reader.selectFrom("api_keys").selectAll().orderBy("id").execute(),
    insertion: (row) => reader.insertInto("api_keys").values(row),
    revocation: (id, now) =>
      reader.updateTable("api_keys").set({ revoked_at: now }).where("id", "=", id).where("revoked_at", "is", null),
    use: store.prepare<Pick<ApiKeyRow, "id" | "last_used_at">>((db, row) =>
      db.updateTable("api_keys").set({ last_used_at: row.last_used_at }).where("id", "=", row.id),
    ),
  };
}

/** Makes the write of a row of the audit log. */
export function createAuditInsertion(store: Store): (row: AuditRow) => Write {
  return store.prepare<AuditRow>((db, row) => db.insertInto("audit").values(row));
}
