import {
  type CallOptions,
  ConnectionError,
  connectPeer,
  csms,
  type Fault,
  type ManualClock,
  manualClock,
  memoryNetwork,
  OcppError,
  type Peer,
  type Report,
  type Side,
  station,
} from "@ocpp/core";
import { perform } from "./chores.ts";
import { FrameLog } from "./frame-log.ts";
import { type Chore, type GossipProtocol, gossip } from "./gossip-protocol.ts";
import { type TalliedClock, tallied } from "./tallied-clock.ts";
import { type WatchedSignal, watchedSignal } from "./watched-signal.ts";

/** How a call ended. `answered` came with its response, the others with an error of that name. */
export type End = "answered" | "wrong-token" | "refused" | "violation" | "unknown-error" | ConnectionError["code"];

/** One call of a world and everything that happened to it. */
export interface WorldCall {
  readonly chore: Chore;
  readonly log: FrameLog;
  readonly signal: WatchedSignal;
  /** Ids under which it was handed to a transport. */
  readonly ids: string[];
  readonly ends: { readonly end: End; readonly at: number; readonly error?: unknown }[];
}

/** Both peers of one connection with what they saw. */
export interface WorldConnection {
  readonly station: Peer<GossipProtocol, "station">;
  readonly csms: Peer<GossipProtocol, "csms">;
  readonly logs: { readonly [S in Side]: FrameLog };
}

/** A signal of a handler and whether its handler has come to an end. */
export interface HandlerTrace {
  readonly connection: number;
  readonly signal: AbortSignal;
  readonly chore: Chore;
  finished: boolean;
}

/** Two sides that are connected again and again over a faulty network, on a clock that a test moves. */
export interface World {
  readonly clock: ManualClock;
  readonly peers: TalliedClock;
  readonly calls: WorldCall[];
  readonly connections: WorldConnection[];
  readonly reports: Report[];
  readonly handlers: HandlerTrace[];
  /** Tokens of the sends that arrived. */
  readonly rumours: string[];
  /** No frame is harmed from now on. */
  heal(): void;
  /** Opens a connection; the one before stays as it is. */
  connect(): void;
  /** Calls over the newest connection. */
  call(side: Side, chore: Omit<Chore, "token">, options?: Omit<CallOptions, "signal" | "sent">): WorldCall;
  /** Sends over the newest connection, where it is open. */
  rumour(side: Side): void;
}

function endOf(error: unknown): End {
  if (ConnectionError.is(error)) return error.code;
  if (OcppError.is(error)) return "refused";
  return error instanceof Error && error.name === "ViolationError" ? "violation" : "unknown-error";
}

/** Makes a world whose network treats its frames as `faults` says, one after the other and then from the start again. */
export function makeWorld(faults: readonly Fault[], handlerTimeout = 2_000): World {
  const clock = manualClock();
  const peers = tallied(clock);
  const connections: WorldConnection[] = [];
  const calls: WorldCall[] = [];
  const reports: Report[] = [];
  const handlers: HandlerTrace[] = [];
  const rumours: string[] = [];
  let healed = false;
  const network = memoryNetwork({
    clock,
    fault: ({ index }) => (healed ? "deliver" : (faults[index % Math.max(1, faults.length)] ?? "deliver")),
  });

  const connect = (): void => {
    const number = connections.length;
    const [near, far] = network.connect("gossip");
    const logs = { station: new FrameLog(() => clock.now()), csms: new FrameLog(() => clock.now()) };
    const report = (met: Report): void => {
      reports.push(met);
    };
    const handle = {
      Gossip: async (chore: Chore, context: { readonly signal: AbortSignal }) => {
        const trace: HandlerTrace = { connection: number, signal: context.signal, chore, finished: false };
        handlers.push(trace);
        try {
          return await perform(chore, clock);
        } finally {
          trace.finished = true;
        }
      },
      Rumour: (chore: Chore) => {
        rumours.push(chore.token);
      },
    };
    connections.push({
      station: connectPeer(near, station(gossip, handle), {
        clock: peers,
        handlerTimeout,
        report,
        frames: logs.station.add,
      }),
      csms: connectPeer(far, csms(gossip, handle), { clock: peers, handlerTimeout, report, frames: logs.csms.add }),
      logs,
    });
  };

  const newest = (): WorldConnection => {
    const connection = connections.at(-1);
    if (connection === undefined) throw new Error("The world has no connection yet");
    return connection;
  };

  return {
    clock,
    peers,
    calls,
    connections,
    reports,
    handlers,
    rumours,
    connect,
    heal: () => {
      healed = true;
    },
    call: (side, chore, options) => {
      const connection = newest();
      const request: Chore = { ...chore, token: `t${calls.length}` };
      const call: WorldCall = {
        chore: request,
        log: connection.logs[side],
        signal: watchedSignal(),
        ids: [],
        ends: [],
      };
      calls.push(call);
      connection[side]
        .callByName("Gossip", request, {
          ...options,
          signal: call.signal.signal,
          sent: (id) => call.ids.push(id),
        })
        .then(
          (response) => {
            const own = JSON.stringify(response) === JSON.stringify({ token: request.token });
            call.ends.push({ end: own ? "answered" : "wrong-token", at: clock.now() });
          },
          (error: unknown) => {
            call.ends.push({ end: endOf(error), at: clock.now(), error });
          },
        );
      return call;
    },
    rumour: (side) => {
      const peer: { state: string; send(action: "Rumour", chore: Chore): void } = newest()[side];
      if (peer.state === "open") {
        try {
          peer.send("Rumour", { token: `r${rumours.length}`, work: 0, way: "answer" });
        } catch (error) {
          if (!ConnectionError.is(error) && !(error instanceof TypeError)) throw error;
        }
      }
    },
  };
}
