import { createHash } from "node:crypto";
import { type Clock, systemClock } from "@ocpp/core";
import { type KeptLog, testInfrastructure } from "../infrastructure.fixture.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import type { ApiKeyRow } from "../store/tables/http.ts";
import { type Caller, createApiKeys } from "./api-keys.ts";
import type { ApiServices, Resource } from "./resource.ts";
import { type Api, createApi } from "./server.ts";

/** The keys of `testApi`, one of each role. */
export const testKeys: Readonly<Record<Caller["role"], string>> = {
  viewer: "viewer-key-000000000000",
  operator: "operator-key-0000000000",
  admin: "admin-key-0000000000000",
};

function keyRow(id: number, role: Caller["role"]): ApiKeyRow {
  const hash = createHash("sha256").update(testKeys[role]).digest("hex");
  const times = { expires_at: null, revoked_at: null, last_used_at: null, created_at: 0 };
  return { id, name: role, role, hash, prefix: role, ...times };
}

/** An API over a new database, with the services that a test gives. */
export interface TestApi extends Api {
  readonly store: Store;
  readonly log: KeptLog;
  readonly services: ApiServices;
  /** How many connections it has. */
  connections(): Promise<number>;
}

/**
 * Makes an API over a new SQLite database. There are no keys unless `keyed`, so that requests are those of the local admin.
 * `services` makes those that the resources need; the others are not there.
 */
export async function testApi(
  resources: readonly Resource[],
  options: {
    readonly keyed?: boolean | undefined;
    readonly clock?: Clock | undefined;
    readonly configuration?: object | undefined;
    readonly services?: ((infrastructure: ReturnType<typeof testInfrastructure>) => Partial<ApiServices>) | undefined;
  } = {},
): Promise<TestApi> {
  const clock = options.clock ?? systemClock;
  const store = await openStore({ kind: "sqlite", file: ":memory:", clock });
  const infrastructure = testInfrastructure(store, { clock, configuration: options.configuration });
  if (options.keyed === true) {
    const rows = (["viewer", "operator", "admin"] as const).map((role) =>
      store.reader.insertInto("api_keys").values(keyRow(store.nextId(), role)),
    );
    await store.write(...rows);
  }
  const apiKeys = await createApiKeys(infrastructure);
  const systemLog = { write: () => {} };
  const services = { ...infrastructure, apiKeys, systemLog, ...options.services?.(infrastructure) } as ApiServices;
  const api = await createApi(services, resources).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  return {
    fastify: api.fastify,
    get port() {
      return api.port;
    },
    get url() {
      return api.url;
    },
    listen: () => api.listen(),
    store,
    log: infrastructure.log,
    services,
    connections: () =>
      new Promise((resolve, reject) => {
        api.fastify.server.getConnections((error, count) => {
          if (error === null) resolve(count);
          else reject(error);
        });
      }),
    close: async (timeout) => {
      const cut = await api.close(timeout);
      await store.close();
      return cut;
    },
  };
}
