import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** How an exchange of messages ended: an answer, a CALLERROR, no answer in time, or none wanted (SEND of 2.1). */
export type MessageOutcome = "result" | "error" | "timeout" | "sent";

/** What is counted and measured, without telling by what. Times are in seconds. Nothing here throws. */
export interface Metrics {
  /** A station has connected; to be matched by `stationDisconnected` with the same subprotocol. */
  stationConnected(protocol: string): void;
  stationDisconnected(protocol: string): void;
  /** A call or send has ended, in either direction. */
  message(direction: "inbound" | "outbound", action: string, outcome: MessageOutcome): void;
  /** How long we took to answer a station. */
  handled(action: string, seconds: number): void;
  /** A command has come to its end: `completed`, `error`, `timeout`, `expired`, `cancelled`, … */
  command(outcome: string): void;
  /** How many transactions are open. */
  openTransactions(count: number): void;
  /** A commit of the store: how long it took and how many writes it held. */
  committed(seconds: number, writes: number): void;
  /** How many writes that no caller waits for, such as frames of the message log, the store has lost so far. */
  writesLost(total: number): void;
  /** Calls of a station were refused before a handler saw them. */
  callRefused(): void;
  /** A run of a background service has ended: `ok`, `failed` or `interrupted`. */
  backgroundRun(name: string, outcome: string): void;
  /** Deliveries to a webhook, one unless specified otherwise, were tried or dropped. */
  webhookDelivery(outcome: "delivered" | "failed" | "dead" | "dropped", count?: number): void;
  /** How many deliveries wait, for all webhooks together. */
  webhooksWaiting(count: number): void;
  /** Everything, in the text format of Prometheus. */
  text(): Promise<string>;
  /** The media type of that text. */
  readonly contentType: string;
  /** Stops what is measured all the time. */
  close(): void;
}

/** How many names of actions are distinguished; stations may make some up, and each name costs memory for good. */
const mostActions = 300;

/**
 * Makes metrics with a registry of their own, so that several CSMS in a process do not mix. `process: true` adds those of Node and
 * the process (memory, CPU, event loop lag).
 */
export function createMetrics(options: { readonly process?: boolean | undefined } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const stations = new Gauge({
    name: "ocpp_stations_connected",
    help: "Stations that are connected.",
    labelNames: ["protocol"],
    registers,
  });
  const messages = new Counter({
    name: "ocpp_messages_total",
    help: "Calls and sends, by who asked (inbound: the station) and how they ended.",
    labelNames: ["direction", "action", "outcome"],
    registers,
  });
  const handlers = new Histogram({
    name: "ocpp_handler_seconds",
    help: "How long calls of stations took to answer.",
    labelNames: ["action"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  });
  const commands = new Counter({
    name: "ocpp_commands_total",
    help: "Commands to stations, by how they ended.",
    labelNames: ["outcome"],
    registers,
  });
  const transactions = new Gauge({
    name: "ocpp_transactions_open",
    help: "Transactions that have not ended.",
    registers,
  });
  const commits = new Histogram({
    name: "ocpp_store_commit_seconds",
    help: "How long commits of the store took.",
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  const batches = new Histogram({
    name: "ocpp_store_commit_writes",
    help: "How many writes shared a commit.",
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000],
    registers,
  });
  const writesLost = new Counter({
    name: "ocpp_store_writes_lost_total",
    help: "Background writes, such as frames of the message log, that the store could not persist.",
    registers,
  });
  const refusals = new Counter({
    name: "ocpp_calls_refused_total",
    help: "Calls of stations that were refused before they were handled: too many, or none that is known here.",
    registers,
  });
  const runs = new Counter({
    name: "ocpp_background_runs_total",
    help: "Runs of background services, by how they ended.",
    labelNames: ["service", "outcome"],
    registers,
  });
  const webhooks = new Counter({
    name: "ocpp_webhook_deliveries_total",
    help: "Tries to deliver an event to a webhook, by how they ended, and those that were dropped untried.",
    labelNames: ["outcome"],
    registers,
  });
  let lostBefore = 0;
  const webhooksWaiting = new Gauge({
    name: "ocpp_webhook_deliveries_waiting",
    help: "Deliveries to webhooks that are not delivered yet.",
    registers,
  });
  if (options.process === true) collectDefaultMetrics({ register: registry });
  const actions = new Set<string>();
  const actionOf = (action: string): string => {
    if (actions.has(action)) return action;
    if (actions.size >= mostActions) return "other";
    actions.add(action);
    return action;
  };
  return {
    stationConnected: (protocol) => stations.inc({ protocol }),
    stationDisconnected: (protocol) => stations.dec({ protocol }),
    message: (direction, action, outcome) => messages.inc({ direction, action: actionOf(action), outcome }),
    handled: (action, seconds) => handlers.observe({ action: actionOf(action) }, seconds),
    command: (outcome) => commands.inc({ outcome }),
    openTransactions: (count) => transactions.set(count),
    committed: (seconds, writes) => {
      commits.observe(seconds);
      batches.observe(writes);
    },
    writesLost: (total) => {
      writesLost.inc(Math.max(0, total - lostBefore));
      lostBefore = total;
    },
    callRefused: () => refusals.inc(),
    backgroundRun: (service, outcome) => runs.inc({ service, outcome }),
    webhookDelivery: (outcome, count = 1) => webhooks.inc({ outcome }, count),
    webhooksWaiting: (count) => webhooksWaiting.set(count),
    text: () => registry.metrics(),
    contentType: registry.contentType,
    close: () => registry.clear(),
  };
}
