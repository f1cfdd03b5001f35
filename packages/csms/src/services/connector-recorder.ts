import { isOfStation } from "../domain/connector-status.ts";
import type { NewEvent } from "../events/events.ts";
import type { Write } from "../store/store.ts";
import type { ConnectorRow, StationRow, StatusRow } from "../store/tables.ts";
import type { Platform } from "./platform.ts";
import { storableFacts } from "./storable-text.ts";

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

/** Writes down what stations say of their connectors. */
export interface ConnectorRecorder {
  /** Records a status, and its place in the history. Durable when it resolves. */
  status(facts: StatusFacts): Promise<void>;
  /**
   * Sets a status that the CSMS concludes itself, such as Charging after a StartTransaction; where `from` is given, only
   * in place of one of those, so that what the station reported since is not overruled.
   */
  conclude(
    stationId: string,
    evseId: number,
    connectorId: number,
    status: string,
    from?: readonly string[],
  ): Promise<void>;
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
  };
}

function eventOf({ stationId, ...facts }: StatusFacts, concluded: boolean): NewEvent {
  return { stationId, kind: "connector.status", data: concluded ? { ...facts, concluded } : facts };
}

/**
 * Makes the recorder. What stations report of connector 0 or EVSE 0 is the status of the station; every report has its
 * row in the history, and what the CSMS concludes itself has none.
 */
export function createConnectorRecorder({ store, events, clock }: Platform): ConnectorRecorder {
  const insertStatus = store.prepare<StatusRow>((db, row) =>
    db.insertInto("statuses").values({
      id: row.id,
      station_id: row.station_id,
      evse_id: row.evse_id,
      connector_id: row.connector_id,
      status: row.status,
      error_code: row.error_code,
      info: row.info,
      vendor_error_code: row.vendor_error_code,
      status_time: row.status_time,
      received_at: row.received_at,
    }),
  );
  const upsertConnector = store.prepare<ConnectorRow>((db, row) => {
    const said = {
      status: row.status,
      error_code: row.error_code,
      info: row.info,
      vendor_id: row.vendor_id,
      vendor_error_code: row.vendor_error_code,
      status_time: row.status_time,
      updated_at: row.updated_at,
    };
    const place = { station_id: row.station_id, evse_id: row.evse_id, connector_id: row.connector_id };
    return db
      .insertInto("connectors")
      .values({ ...place, ...said })
      .onConflict((conflict) => conflict.columns(["station_id", "evse_id", "connector_id"]).doUpdateSet(said));
  });
  const updateStation = store.prepare<Pick<StationRow, "id" | "status" | "error_code" | "updated_at">>((db, row) =>
    db
      .updateTable("stations")
      .set({ status: row.status, error_code: row.error_code, updated_at: row.updated_at })
      .where("id", "=", row.id),
  );

  const writeCurrent = (row: ConnectorRow): Write =>
    isOfStation(row.evse_id)
      ? updateStation({
          id: row.station_id,
          status: row.status,
          error_code: row.error_code,
          updated_at: row.updated_at,
        })
      : upsertConnector(row);

  return {
    status: async (said) => {
      const facts = storableFacts(said);
      const now = clock.now();
      const row = rowOf(facts, now);
      const history = insertStatus({ ...row, id: store.nextId(), received_at: now });
      await events.commit([history, writeCurrent(row)], [eventOf(facts, false)]);
    },
    conclude: async (stationId, evseId, connectorId, status, from) => {
      if (from !== undefined) {
        const current = await store.reader
          .selectFrom("connectors")
          .select("status")
          .where("station_id", "=", stationId)
          .where("evse_id", "=", evseId)
          .where("connector_id", "=", connectorId)
          .executeTakeFirst();
        if (current !== undefined && !from.includes(current.status)) return;
      }
      const facts: StatusFacts = { stationId, evseId, connectorId, status };
      await events.commit([writeCurrent(rowOf(facts, clock.now()))], [eventOf(facts, true)]);
    },
    of: (stationId) =>
      store.reader
        .selectFrom("connectors")
        .selectAll()
        .where("station_id", "=", stationId)
        .orderBy("evse_id")
        .orderBy("connector_id")
        .execute(),
  };
}
