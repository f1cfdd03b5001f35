import { randomUUID } from "node:crypto";
import { type ConnectorRecorder, createConnectorRecorder } from "../connectors/recorder.ts";
import type { CsmsEvent } from "../events/events.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { createSystemLog } from "../observability/system-log.ts";
import type { SampledSet } from "../ocpp/versions/sample.ts";
import { readSampled2x } from "../ocpp/versions/v2x/meter-values.ts";
import { readSampled16 } from "../ocpp/versions/v16/meter-values.ts";
import type { Store } from "../store/store.ts";
import { tableNames } from "../store/tables/tables.ts";
import { createTokenRegistry, type TokenRegistry } from "../tokens/registry.ts";
import { type MeterFacts, type StartFacts, type StopFacts, type TransactionEventFacts } from "./message-facts.ts";
import { createTransactionRecorder, type TransactionRecorder } from "./recorder.ts";
import { createRemoteStarts } from "./repository/remote-starts.ts";

/** What transactions need, over a infrastructure, with the events that came. */
export interface Recorders {
  readonly tokens: TokenRegistry;
  readonly connectors: ConnectorRecorder;
  readonly transactions: TransactionRecorder;
  readonly events: CsmsEvent[];
  /** Waits until all events that were made so far are told, and gives them. */
  told(): Promise<readonly CsmsEvent[]>;
}

/** Waits until what was made so far is kept and told, and gives what was. */
export async function toldBy(store: Store, events: readonly CsmsEvent[]): Promise<readonly CsmsEvent[]> {
  await store.write(store.reader.deleteFrom("logs").where("id", "=", -1));
  await new Promise(setImmediate);
  return events;
}

/** Makes the recorders. */
export function recordersOver(infrastructure: Infrastructure): Recorders {
  const systemLog = createSystemLog(infrastructure);
  const tokens = createTokenRegistry(infrastructure);
  const connectors = createConnectorRecorder(infrastructure);
  const events: CsmsEvent[] = [];
  infrastructure.events.subscribe((event) => {
    events.push(event);
  });
  return {
    tokens,
    connectors,
    transactions: createTransactionRecorder(infrastructure, {
      tokens,
      connectors,
      remoteStarts: createRemoteStarts(infrastructure),
      systemLog,
    }),
    events,
    told: () => toldBy(infrastructure.store, events),
  };
}

/** Empties all tables but the counters, since a new store for each test would take long. */
export async function emptyTables(store: Store): Promise<void> {
  const filled = tableNames.filter((name) => name !== "counters");
  await store.write(...filled.map((table) => store.reader.deleteFrom(table)));
}

/** A time of 2026-03-01, so many minutes after noon. */
export function noon(minutes: number): string {
  return new Date(Date.UTC(2026, 2, 1, 12) + minutes * 60_000).toISOString();
}

/** What every message has; its payload is what else is given, as JSON. */
function facts<T extends object>(
  protocol: string,
  rest: T & { readonly stationId?: string; readonly messageId?: string },
) {
  const { messageId, ...payload } = rest;
  return {
    stationId: "CS001",
    protocol,
    messageId: messageId ?? randomUUID(),
    receivedAt: Date.UTC(2026, 2, 1, 13),
    payload: JSON.stringify(payload),
    ...payload,
  };
}

/** A StartTransaction. */
export function startFacts(rest: Partial<StartFacts> = {}): StartFacts {
  return facts("ocpp1.6", { connectorId: 1, idTag: "VALID001", meterStart: 100, timestamp: noon(0), ...rest });
}

/** A StopTransaction. */
export function stopFacts(transactionId: number, rest: Partial<StopFacts> = {}): StopFacts {
  return facts("ocpp1.6", { transactionId, meterStop: 1100, timestamp: noon(60), meterValues: [], ...rest });
}

/** A TransactionEvent. */
export function eventFacts(
  type: TransactionEventFacts["type"],
  seqNo: number,
  rest: Partial<TransactionEventFacts> = {},
): TransactionEventFacts {
  return facts("ocpp2.0.1", {
    type,
    seqNo,
    trigger: "Trigger",
    timestamp: noon(seqNo),
    offline: false,
    transactionId: "T1",
    meterValues: [],
    ...rest,
  });
}

/** A MeterValues. */
export function meterFacts(rest: Partial<MeterFacts> = {}): MeterFacts {
  return facts("ocpp1.6", { evseId: 1, connectorId: 1, meterValues: [], ...rest });
}

/** The register at a time, as 1.6 tells it. */
export function register16(register: number, minutes: number, context?: string): SampledSet {
  return readSampled16({ timestamp: noon(minutes), sampledValue: [{ value: String(register), context }] });
}

/** The register at a time, as 2.x tells it. */
export function register2x(register: number, minutes: number, context?: string): SampledSet {
  return readSampled2x({ timestamp: noon(minutes), sampledValue: [{ value: register, context }] });
}
