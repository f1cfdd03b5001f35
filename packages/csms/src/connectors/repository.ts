import type { Store, Write } from "../store/store.ts";
import type { ConnectorRow, StatusRow } from "../store/tables/connectors.ts";
import type { StationRow } from "../store/tables/stations.ts";
import { isOfStation } from "./rules.ts";

/** The rows of connectors and of the history of statuses. */
export interface ConnectorRepository {
  /** Those of a station, by EVSE and connector. */
  of(stationId: string): Promise<ConnectorRow[]>;
  /** The status of a connector; undefined where the station has not reported any. */
  statusOf(place: Pick<ConnectorRow, "station_id" | "evse_id" | "connector_id">): Promise<string | undefined>;
  /** The write of a row of the history. */
  readonly history: (row: StatusRow) => Write;
  /**
   * The write of the status that a connector, or the station as a whole, has now. With `late`, one that was received later
   * stays. Of one that is concluded, what the station has said with its last status stays.
   */
  current(row: ConnectorRow, late: boolean | undefined): Write;
}

/** Makes the repository. */
export function createConnectorRepository(store: Store): ConnectorRepository {
  const history = store.prepare<StatusRow>((db, row) =>
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

  return {
    of: (stationId) =>
      store.reader
        .selectFrom("connectors")
        .selectAll()
        .where("station_id", "=", stationId)
        .orderBy("evse_id")
        .orderBy("connector_id")
        .execute(),
    statusOf: async ({ station_id, evse_id, connector_id }) => {
      const row = await store.reader
        .selectFrom("connectors")
        .select("status")
        .where("station_id", "=", station_id)
        .where("evse_id", "=", evse_id)
        .where("connector_id", "=", connector_id)
        .executeTakeFirst();
      return row?.status;
    },
    history,
    current: (row, late) => {
      const write = late === true ? lateWrites : writes;
      const { station_id: id, status, error_code, updated_at } = row;
      if (isOfStation(row.evse_id)) return write.station({ id, status, error_code, updated_at });
      return row.concluded === 1 ? write.concluded(row) : write.reported(row);
    },
  };
}
