import { type Clock, type Handlers, OcppError, type Peer, station } from "@ocpp/core";
import { type V16, v16 } from "@ocpp/v16";
import { type V21, v21 } from "@ocpp/v21";
import { type V201, v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { composeServices } from "../compose.ts";
import type { CsmsEvent } from "../events/events.ts";
import { type KeptLog, noHooks, testInfrastructure } from "../infrastructure.fixture.ts";
import type { Services } from "../services.ts";
import type { MessageHooks } from "../shared/message-hooks.ts";
import type { PasswordHashes } from "../stations/password.ts";
import { databases, type TestDatabase } from "../store/store.fixture.ts";
import { createGateway, type Gateway, type GatewayOptions } from "./gateway.ts";

/** How a station of a test connects. */
export interface TestStationOptions {
  readonly password?: string | Uint8Array | undefined;
  /** The URL of another listener than the first. */
  readonly url?: string | undefined;
  readonly tls?: Parameters<typeof connect>[2] extends { tls?: infer T } | undefined ? T : never;
  readonly callTimeout?: number | undefined;
}

/** A gateway with everything behind it, on SQLite. */
export interface TestGateway extends AsyncDisposable {
  readonly services: Services & { readonly log: KeptLog };
  readonly gateway: Gateway;
  /** Everything that happened so far. */
  readonly events: CsmsEvent[];
  readonly station16: (
    identity: string,
    handlers?: Partial<Handlers<V16, "station">>,
    options?: TestStationOptions,
  ) => Promise<Peer<V16, "station">>;
  readonly station201: (
    identity: string,
    handlers?: Partial<Handlers<V201, "station">>,
    options?: TestStationOptions,
  ) => Promise<Peer<V201, "station">>;
  readonly station21: (
    identity: string,
    handlers?: Partial<Handlers<V21, "station">>,
    options?: TestStationOptions,
  ) => Promise<Peer<V21, "station">>;
}

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} is not played`);
};

/** Makes the services over a new database. */
export async function testServices(
  options: {
    readonly configuration?: object | undefined;
    readonly clock?: Clock | undefined;
    readonly hooks?: MessageHooks | undefined;
    readonly hashes?: PasswordHashes | undefined;
    /** SQLite unless given. */
    readonly database?: TestDatabase | undefined;
  } = {},
): Promise<Services & { readonly log: KeptLog } & AsyncDisposable> {
  const { database = databases[0] } = options;
  if (database === undefined) throw new Error("There is no database to test with");
  const store = await database.open();
  const infrastructure = testInfrastructure(store, options);
  const services = composeServices(infrastructure, options.hooks ?? noHooks, options.hashes);
  return {
    ...services,
    log: infrastructure.log,
    [Symbol.asyncDispose]: async () => {
      await services.commander.close(0);
      await database.remove();
    },
  };
}

/** Starts a gateway on a free port. Dispose of it at the end of the test. */
export async function testGateway(
  options: Parameters<typeof testServices>[0] & { readonly gateway?: GatewayOptions | undefined } = {},
): Promise<TestGateway> {
  const services = await testServices(options);
  const gateway = await createGateway(services, options.gateway).catch(async (error: unknown) => {
    await services[Symbol.asyncDispose]();
    throw error;
  });
  const events: CsmsEvent[] = [];
  services.events.subscribe((event) => {
    events.push(event);
  });
  const peers: Peer<never, "station">[] = [];
  const open = async <P>(identity: string, endpoint: unknown, how: TestStationOptions = {}): Promise<P> => {
    const { url = gateway.url, password, tls, callTimeout } = how;
    const session = connect(url, [endpoint as ReturnType<typeof station<V16, object, "fallback">>], {
      identity,
      reconnect: false,
      ...(password === undefined ? {} : { password }),
      ...(tls === undefined ? {} : { tls }),
      ...(callTimeout === undefined ? {} : { callTimeout }),
    });
    const peer = await session.ready;
    peers.push(peer as unknown as Peer<never, "station">);
    return peer as unknown as P;
  };
  return {
    services,
    gateway,
    events,
    station16: (identity, handlers = {}, how = {}) =>
      open(identity, station(v16, handlers as object, { fallback }), how),
    station201: (identity, handlers = {}, how = {}) =>
      open(identity, station(v201, handlers as object, { fallback }), how),
    station21: (identity, handlers = {}, how = {}) =>
      open(identity, station(v21, handlers as object, { fallback }), how),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(peers.map((peer) => peer.close({ timeout: 0 })));
      await gateway.close(0);
      await services[Symbol.asyncDispose]();
    },
  };
}

/** Waits until something holds; fails with what it was after five seconds. */
export async function until<T>(what: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const end = Date.now() + 5_000;
  for (;;) {
    const value = await what();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`It did not come to pass; in the end it was ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
