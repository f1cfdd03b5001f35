import type { NewEvent } from "../events/events.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { storableFacts } from "../shared/storable-text.ts";
import type { Write } from "../store/store.ts";
import type { ConnectorRow, StatusRow } from "../store/tables/connectors.ts";
import type { StationRow } from "../store/tables/stations.ts";
import { isOfStation } from "./rules.ts";

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

function eventOf({ stationId, ...facts }: StatusFacts, concluded: boolean): NewEvent {
  return { stationId, kind: "connector.status", data: concluded ? { ...facts, concluded } : facts };
}

/**
 * Makes the recorder. What stations report of connector 0 or EVSE 0 is the status of the station; every report has its
 * row in the history, and what the CSMS concludes itself has none.
 */
export function createConnectorRecorder({ store, events }: Infrastructure): ConnectorRecorder {
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
  const upsertConnector = (late: boolean) =>
    store.prepare<ConnectorRow>((db, row) => {
      const said = {
        status: row.status,
        error_code: row.error_code,
        info: row.info,
        vendor_id: row.vendor_id,
        vendor_error_code: row.vendor_error_code,
        status_time: row.status_time,
        updated_at: row.updated_at,
        concluded: row.concluded,
      };
      const place = { station_id: row.station_id, evse_id: row.evse_id, connector_id: row.connector_id };
      return db
        .insertInto("connectors")
        .values({ ...place, ...said })
        .onConflict((conflict) => {
          const update = conflict.columns(["station_id", "evse_id", "connector_id"]).doUpdateSet(said);
          if (!late) return update;
          // Received in the same millisecond: the station's own time decides.
          return update.where((where) =>
            where.or([
              where("connectors.updated_at", "<", row.updated_at),
              where.and([
                where("connectors.updated_at", "=", row.updated_at),
                where.or([
                  where("connectors.status_time", "is", null),
                  where("connectors.status_time", "<=", row.status_time),
                ]),
              ]),
            ]),
          );
        });
    });
  /** What the station has said with its last status stays. */
  const concludeConnector = (late: boolean) =>
    store.prepare<ConnectorRow>((db, row) =>
      db
        .insertInto("connectors")
        .values({ ...row })
        .onConflict((conflict) => {
          const update = conflict
            .columns(["station_id", "evse_id", "connector_id"])
            .doUpdateSet({ status: row.status, updated_at: row.updated_at, concluded: row.concluded });
          return late ? update.where("connectors.updated_at", "<=", row.updated_at) : update;
        }),
    );
  const updateStation = (late: boolean) =>
    store.prepare<Pick<StationRow, "id" | "status" | "error_code" | "updated_at">>((db, row) => {
      const update = db
        .updateTable("stations")
        .set({
          status: row.status,
          error_code: row.error_code,
          status_at: row.updated_at,
          updated_at: row.updated_at,
        })
        .where("id", "=", row.id);
      return late
        ? update.where((where) => where.or([where("status_at", "is", null), where("status_at", "<=", row.updated_at)]))
        : update;
    });
  const writesFor = (late: boolean) => ({
    reported: upsertConnector(late),
    concluded: concludeConnector(late),
    station: updateStation(late),
  });
  const writes = writesFor(false);
  const lateWrites = writesFor(true);

  const writeCurrent = (row: ConnectorRow, late = false): Write => {
    const write = late ? lateWrites : writes;
    const { station_id: id, status, error_code, updated_at } = row;
    if (isOfStation(row.evse_id)) return write.station({ id, status, error_code, updated_at });
    return row.concluded === 1 ? write.concluded(row) : write.reported(row);
  };

  return {
    status: async (said, { receivedAt, late }) => {
      const facts = storableFacts(said);
      const row = rowOf(facts, receivedAt);
      const history = insertStatus({ ...row, id: store.nextId(), received_at: receivedAt });
      await events.commit([history, writeCurrent(row, late)], [eventOf(facts, false)]);
    },
    conclusion: async ({ stationId, evseId, connectorId }, { status, from }, { receivedAt, late }) => {
      const current = await store.reader
        .selectFrom("connectors")
        .select("status")
        .where("station_id", "=", stationId)
        .where("evse_id", "=", evseId)
        .where("connector_id", "=", connectorId)
        .executeTakeFirst();
      if (current !== undefined && !from.includes(current.status)) return { writes: [], events: [] };
      const facts: StatusFacts = { stationId, evseId, connectorId, status };
      const row: ConnectorRow = { ...rowOf(facts, receivedAt), concluded: 1 };
      return { writes: [writeCurrent(row, late)], events: [eventOf(facts, true)] };
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
