import type { NewEvent } from "../events/events.ts";
import { StoreError } from "../store/store-error.ts";
import type { KnockRow, StationRow } from "../store/tables.ts";
import type { Platform } from "./platform.ts";
import { ConflictError, InvalidRequestError, NotFoundError } from "./service-error.ts";
import type { BootFacts, StationSettings } from "./station-facts.ts";
import { createPasswordHashes, type PasswordHashes } from "./station-password.ts";
import { createKnocks } from "./station-registry-knocks.ts";
import { checkPassword, createStationPasswords } from "./station-registry-passwords.ts";
import { blankStation, createStationWrites } from "./station-registry-writes.ts";
import { storableText } from "./storable-text.ts";
import type { SystemLog } from "./system-log.ts";

/** The stations that the CSMS knows, and those that have knocked. Identities are compared as they are. */
export interface StationRegistry {
  get(stationId: string): Promise<StationRow | undefined>;
  /** The row of a connected station as it stands, without asking the database; but for its `status`, which others write. */
  live(stationId: string): StationRow | undefined;
  /** Takes a station in. Rejects with a ConflictError where it is known already. */
  add(stationId: string, settings: StationSettings & { readonly password?: string | undefined }): Promise<StationRow>;
  /** Changes a station. Rejects with a NotFoundError where it is not known. */
  change(stationId: string, settings: StationSettings): Promise<StationRow>;
  /** Removes a station that is not connected and has no transaction; rejects with a ConflictError otherwise. */
  remove(stationId: string): Promise<void>;
  /** Sets the password by hand, or takes it away; the hash is slow and salted. */
  setPassword(stationId: string, password: string | null): Promise<void>;
  /** Accepts a second password until `settlePassword` says which one stays; one that was left before comes back where it is refused. */
  stagePassword(stationId: string, password: string): Promise<void>;
  settlePassword(stationId: string, accepted: boolean): Promise<void>;
  /**
   * The station takes the second password later, or has not said whether it does: both stay until it shows the second one
   * (A01.FR.03, A01.FR.04).
   */
  leavePassword(stationId: string): void;
  /** Whether a password is the station's: of a known one verified digests are remembered, so it costs little again. */
  verifyPassword(station: StationRow, password: Buffer): Promise<boolean>;
  /** Notes that an unknown station was refused. */
  knocked(identity: string, remoteAddress: string, subprotocols: readonly string[]): Promise<void>;
  knocks(): Promise<KnockRow[]>;
  /** Forgets a knock, where there is one. */
  dismissKnock(identity: string): Promise<boolean>;
  /** Notes that a station is connected; `row` as it was read when it was let in. `live` knows of it at once. */
  connected(
    stationId: string,
    facts: {
      readonly protocol: string;
      readonly remoteAddress: string;
      readonly securityProfile: number;
      readonly row?: StationRow | undefined;
    },
  ): Promise<void>;
  /** Notes that its connection is gone, unless it has another one by now. */
  disconnected(stationId: string, facts: { readonly code: number; readonly reason: string }): Promise<void>;
  /** Takes a BootNotification; the answer's status, and its interval in seconds. Durable when it resolves. */
  boot(
    stationId: string,
    facts: BootFacts,
  ): Promise<{ readonly status: StationRow["registration"]; readonly interval: number }>;
  /** Notes a heartbeat. */
  heartbeat(stationId: string): Promise<void>;
  /** Notes that anything arrived, at most once in a few seconds. */
  seen(stationId: string): void;
  /** Notes at the start of a process that nobody is connected, whatever the one before has left. */
  forgetConnections(): Promise<void>;
}

/** How much is kept of what a station says of itself. */
const longestName = 255;

/** Notes of `seen` are kept this often at most, in milliseconds. */
const seenInterval = 5_000;

function checkSettings({ heartbeatInterval, securityProfile }: StationSettings): void {
  if (heartbeatInterval !== undefined && heartbeatInterval !== null) {
    if (!Number.isInteger(heartbeatInterval) || heartbeatInterval < 1 || heartbeatInterval > 2_147_483_647) {
      throw new InvalidRequestError("heartbeatInterval must be a whole number of seconds above 0");
    }
  }
  if (securityProfile !== undefined && ![0, 1, 2, 3].includes(securityProfile)) {
    throw new InvalidRequestError("securityProfile must be 0, 1, 2 or 3");
  }
}

/** A text of a station's as it is kept: what is far longer than any version allows is cut, and what no database holds mended. */
function cut(text: string | undefined): string | null {
  return text === undefined ? null : storableText(text.slice(0, longestName));
}

/** The part of a row that settings say. */
function settingsPatch(settings: StationSettings): Partial<StationRow> {
  const { registration, heartbeatInterval, securityProfile, note } = settings;
  return {
    ...(registration === undefined ? {} : { registration }),
    ...(heartbeatInterval === undefined ? {} : { heartbeat_interval: heartbeatInterval }),
    ...(securityProfile === undefined ? {} : { security_profile: securityProfile }),
    ...(note === undefined ? {} : { note }),
  };
}

/**
 * Makes the registry. The rows of connected stations are held in memory as well, which is right as long as everybody
 * changes stations through it. `hashes` are given by tests that count how often a password is checked.
 */
export function createStationRegistry(
  platform: Platform,
  systemLog: SystemLog,
  hashes: PasswordHashes = createPasswordHashes(),
): StationRegistry {
  const { store, events, clock, configuration } = platform;
  const live = new Map<string, StationRow>();
  const seenAt = new Map<string, number>();
  const writes = createStationWrites(store);
  const knocks = createKnocks(platform);

  const get = (id: string): Promise<StationRow | undefined> =>
    store.reader.selectFrom("stations").selectAll().where("id", "=", id).executeTakeFirst();

  const known = async (id: string): Promise<StationRow> => {
    const row = await get(id);
    if (row === undefined) throw new NotFoundError(`There is no station ${JSON.stringify(id)}`);
    return row;
  };

  const note = (id: string, patch: Partial<StationRow>): void => {
    const row = live.get(id);
    if (row !== undefined) live.set(id, { ...row, ...patch });
  };

  /** Reads a row anew that was changed while its station was on the way in, unless something newer is known by then. */
  const refresh = async (id: string): Promise<void> => {
    const before = live.get(id);
    const kept = await get(id);
    if (kept === undefined || before === undefined || live.get(id) !== before) return;
    // A newer connection is known here before it is written down.
    if (kept.connected_at === before.connected_at && kept.protocol === before.protocol) live.set(id, kept);
  };

  /** Changes some fields, and keeps events of it. Rejects with a NotFoundError where there is no such station. */
  const update = async (id: string, fields: Partial<StationRow>, made: readonly NewEvent[]): Promise<void> => {
    const patch = { ...fields, updated_at: clock.now() };
    const [changed] = await events.commit([writes.patch({ id, ...patch })], made);
    if (changed === 0) throw new NotFoundError(`There is no station ${JSON.stringify(id)}`);
    note(id, patch);
  };

  const passwords = createStationPasswords({ hashes, systemLog, get, known, update });

  const intervalOf = (row: StationRow): number =>
    row.registration === "Accepted"
      ? (row.heartbeat_interval ?? configuration.stations.heartbeatInterval)
      : configuration.stations.retryInterval;

  return {
    get,
    live: (id) => live.get(id),
    add: async (id, { password, ...settings }) => {
      if (!/^[^:/]{1,48}$/u.test(id)) {
        throw new InvalidRequestError("The identity of a station has 1 to 48 characters, without colons and slashes");
      }
      checkSettings(settings);
      if (password !== undefined) checkPassword(password);
      const now = clock.now();
      const row: StationRow = {
        ...blankStation(id, now),
        security_profile: Math.min(...configuration.webSocket.securityProfiles),
        password_hash: password === undefined ? null : await hashes.hash(password),
        ...settingsPatch(settings),
      };
      try {
        await events.commit(
          [writes.insert(row), knocks.removal(id)],
          [{ stationId: id, kind: "station.registered", data: { registration: row.registration } }],
        );
      } catch (error) {
        if (error instanceof StoreError && error.code === "constraint") {
          throw new ConflictError(`There is a station ${JSON.stringify(id)} already`);
        }
        throw error;
      }
      systemLog.write("INFO", "System", `The station was entered as ${row.registration}`, id);
      return row;
    },
    change: async (id, settings) => {
      checkSettings(settings);
      await known(id);
      const patch = settingsPatch(settings);
      await update(id, patch, [{ stationId: id, kind: "station.changed", data: { ...settings } }]);
      return known(id);
    },
    remove: async (id) => {
      const row = await known(id);
      if (row.connected === 1 || live.has(id)) throw new ConflictError("The station is connected");
      const open = await store.reader
        .selectFrom("transactions")
        .select("id")
        .where("station_id", "=", id)
        .where("complete", "=", 0)
        .limit(1)
        .executeTakeFirst();
      if (open !== undefined) throw new ConflictError("The station has a transaction that has not ended");
      await events.commit(writes.removal(id), [{ stationId: id, kind: "station.removed", data: {} }]);
      systemLog.write("INFO", "System", "The station was removed", id);
    },
    ...passwords,
    knocked: knocks.add,
    knocks: knocks.list,
    dismissKnock: knocks.dismiss,
    connected: async (id, { protocol, remoteAddress, securityProfile, row: admitted }) => {
      // The row as it was read may be older than the end of the connection before.
      const online = live.has(id);
      const row = live.get(id) ?? admitted ?? (await known(id));
      const now = clock.now();
      const patch = {
        protocol,
        remote_address: remoteAddress,
        connected_at: now,
        last_seen_at: now,
        connected: 1,
      } as const;
      live.set(id, { ...row, ...patch });
      const data = { protocol, remoteAddress, securityProfile };
      await events.commit(
        [writes.patch({ id, ...patch })],
        [
          { stationId: id, kind: "station.connected", data },
          ...(online ? [] : [{ stationId: id, kind: "station.online", data: { protocol } } as const]),
        ],
      );
      await refresh(id);
    },
    disconnected: async (id, { code, reason }) => {
      live.delete(id);
      seenAt.delete(id);
      await events.commit(
        [writes.patch({ id, disconnected_at: clock.now(), connected: 0 })],
        [
          { stationId: id, kind: "station.disconnected", data: { code, reason } },
          { stationId: id, kind: "station.offline", data: {} },
        ],
      );
    },
    boot: async (id, facts) => {
      const row = live.get(id) ?? (await known(id));
      const status = row.registration;
      const now = clock.now();
      const patch = {
        booted: status === "Accepted" ? 1 : 0,
        vendor: cut(facts.vendor),
        model: cut(facts.model),
        serial_number: cut(facts.serialNumber),
        firmware_version: cut(facts.firmwareVersion),
        iccid: cut(facts.iccid),
        imsi: cut(facts.imsi),
        meter_type: cut(facts.meterType),
        meter_serial_number: cut(facts.meterSerialNumber),
        boot_reason: cut(facts.reason),
        last_boot_at: now,
        last_seen_at: now,
        updated_at: now,
      } as const;
      await events.commit(
        [writes.patch({ id, ...patch })],
        [
          {
            stationId: id,
            kind: "station.booted",
            data: {
              status,
              vendor: patch.vendor,
              model: patch.model,
              firmwareVersion: patch.firmware_version,
              reason: patch.boot_reason,
            },
          },
        ],
      );
      note(id, patch);
      systemLog.write("INFO", "ChargePoint", `The station has booted and is ${status}`, id);
      return { status, interval: intervalOf(row) };
    },
    heartbeat: (id) => {
      const now = clock.now();
      note(id, { last_heartbeat_at: now, last_seen_at: now });
      seenAt.set(id, now);
      store.append(writes.patch({ id, last_heartbeat_at: now, last_seen_at: now }));
      events.append({ stationId: id, kind: "station.heartbeat", data: {} });
      return Promise.resolve();
    },
    seen: (id) => {
      const now = clock.now();
      if (now - (seenAt.get(id) ?? 0) < seenInterval) return;
      seenAt.set(id, now);
      note(id, { last_seen_at: now });
      store.append(writes.patch({ id, last_seen_at: now }));
    },
    forgetConnections: async () => {
      await store.write(writes.forgetConnections(clock.now()));
    },
  };
}
