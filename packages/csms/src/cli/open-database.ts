import type { ReadConfiguration } from "../config/read-configuration.ts";
import type { Store } from "../store/store.ts";
import { storeOptions } from "../store-settings.ts";

/** Opens the database of the configuration for the time of some work. Rejects with a StoreError where it cannot be used. */
export async function withDatabase<T>(
  { configuration }: ReadConfiguration,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const { openStore } = await import("../store/open-store.ts");
  const store = await openStore(storeOptions(configuration));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
