import type { Store, WriteQuery } from "../../store/store.ts";
import type { WebhookRow } from "../../store/tables/webhooks.ts";

/** The rows of webhooks. */
export interface WebhookRepository {
  all(): Promise<WebhookRow[]>;
  insertion(row: WebhookRow): WriteQuery;
  /** The write that changes the columns that are given. */
  patch(id: number, columns: Partial<WebhookRow>): WriteQuery;
  removal(id: number): WriteQuery;
}

/** Makes the repository. */
export function createWebhookRepository({ reader }: Pick<Store, "reader">): WebhookRepository {
  return {
    all: () => reader.selectFrom("webhooks").selectAll().execute(),
    insertion: (row) => reader.insertInto("webhooks").values(row),
    patch: (id, columns) => reader.updateTable("webhooks").set(columns).where("id", "=", id),
    removal: (id) => reader.deleteFrom("webhooks").where("id", "=", id),
  };
}
