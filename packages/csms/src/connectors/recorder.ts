import type { NewEvent } from "../events/events.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { storableFacts } from "../shared/storable-text.ts";
import type { Write } from "../store/store.ts";
import type { ConnectorRow } from "../store/tables/connectors.ts";
import { createConnectorRepository } from "./repository.ts";

/** A StatusNotification of any version. `connectorId` 0 and `evseId` 0 stand for the station. */
export interface StatusFacts {
  readonly stationId: string;
  readonly evseId: number;
  readonly connectorId: number;
  readonly status: string;
  readonly errorCode?: string | undefined;
  readonly info?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly vendorErrorCode?: string | undefined;
  readonly timestamp?: string | undefined;
}

/** When a message was received, of which a status is reported or concluded. */
export interface Receipt {
  /** Milliseconds since 1970, by our clock. */
  readonly receivedAt: number;
  /**
   * Whether its connection has gone since. The next connection may have brought a newer status by then, so one that is
   * late does not replace what was received after it.
   */
  readonly late?: boolean | undefined;
}

/** A connector of a station. */
export type ConnectorPlace = Pick<StatusFacts, "stationId" | "evseId" | "connectorId">;

/** What records a status that the CSMS concludes, to be committed with what it is concluded from. */
export interface Conclusion {
  readonly writes: readonly Write[];
  readonly events: readonly NewEvent[];
}

/** Writes down what stations say of their connectors. */
export interface ConnectorRecorder {
  /** Records a status as the current one, and its place in the history. Durable when it resolves. */
  status(facts: StatusFacts, receipt: Receipt): Promise<void>;
  /**
   * What records a status that the CSMS concludes itself, such as Charging after a StartTransaction, and marks it as concluded;
   * what was reported with the last status stays. Nothing where the connector has another status than those in `from`, so that
   * what the station reported since is not overruled.
   */
  conclusion(
    place: ConnectorPlace,
    concluded: { readonly status: string; readonly from: readonly string[] },
    receipt: Receipt,
  ): Promise<Conclusion>;
  of(stationId: string): Promise<ConnectorRow[]>;
}

/** A status, its place, and what else the station said with it. */
function rowOf(facts: StatusFacts, now: number): ConnectorRow {
  return {
    station_id: facts.stationId,
    evse_id: facts.evseId,
    connector_id: facts.connectorId,
    status: facts.status,
    error_code: facts.errorCode ?? null,
    info: facts.info ?? null,
    vendor_id: facts.vendorId ?? null,
    vendor_error_code: facts.vendorErrorCode ?? null,
    status_time: facts.timestamp ?? null,
    updated_at: now,
    concluded: 0,
  };
}

function eventOf({ stationId, timestamp: statusTime, ...facts }: StatusFacts, concluded: boolean): NewEvent {
  return { stationId, kind: "connector.status", data: { ...facts, statusTime, ...(concluded ? { concluded } : {}) } };
}

/**
 * Makes the recorder. What stations report of connector 0 or EVSE 0 is the status of the station; every report has its
 * row in the history, and what the CSMS concludes itself has none.
 */
export function createConnectorRecorder({ store, events }: Infrastructure): ConnectorRecorder {
  const rows = createConnectorRepository(store);

  return {
    status: async (said, { receivedAt, late }) => {
      const facts = storableFacts(said);
      const row = rowOf(facts, receivedAt);
      const history = rows.history({ ...row, id: store.nextId(), received_at: receivedAt });
      await events.commit([history, rows.current(row, late)], [eventOf(facts, false)]);
    },
    conclusion: async ({ stationId, evseId, connectorId }, { status, from }, { receivedAt, late }) => {
      const place = { station_id: stationId, evse_id: evseId, connector_id: connectorId };
      const current = await rows.statusOf(place);
      if (current !== undefined && !from.includes(current)) return { writes: [], events: [] };
      const facts: StatusFacts = { stationId, evseId, connectorId, status };
      const row: ConnectorRow = { ...rowOf(facts, receivedAt), concluded: 1 };
      return { writes: [rows.current(row, late)], events: [eventOf(facts, true)] };
    },
    of: (stationId) => rows.of(stationId),
  };
}
