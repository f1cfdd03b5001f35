/*
 * The registry of stations. It is one thing although it is long: its interface with what each caller must know, and the rows
 * of connected stations in memory, which are right only because every change of a station goes through here. Passwords,
 * unknown stations and self-registration are modules of their own.
 */
import { identityFault } from "@ocpp/websocket/identity";
import type { NewEvent } from "../events/events.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { createRefusalLog } from "../observability/refusal-log.ts";
import type { SystemLog } from "../observability/system-log.ts";
import { addressKey, createRateLimit } from "../shared/rate-limit.ts";
import { ConflictError, InvalidRequestError, NotFoundError } from "../shared/service-error.ts";
import { storableText } from "../shared/storable-text.ts";
import { StoreError } from "../store/store-error.ts";
import type { StationRow, UnknownStationRow } from "../store/tables/stations.ts";
import { writeSwitches } from "./automation.ts";
import { fingerprintText, judgePin } from "./certificates.ts";
import type { BootFacts, StationSettings } from "./facts.ts";
import { type MessageLimits, readLimits } from "./message-limits.ts";
import { createPasswordHashes, type PasswordHashes } from "./password.ts";
import {
  checkPassword,
  createStationPasswords,
  type PasswordAttempt,
  type StationPasswords,
} from "./password-changes.ts";
import { blankStation, createStationRepository } from "./repository/stations.ts";
import { registrationOf } from "./rules/registration.ts";
import { createSelfRegistration } from "./self-registration.ts";
import { createUnknownStations } from "./unknown-stations.ts";

/** The stations that the CSMS knows, and unknown ones that were refused. Identities are compared as they are. */
export interface StationRegistry extends StationPasswords {
  get(stationId: string): Promise<StationRow | undefined>;
  /** The row of a connected station as it stands, without asking the database; but for its `status`, which others write. */
  live(stationId: string): StationRow | undefined;
  /** Takes a station in. Rejects with a ConflictError where it is known already. */
  add(stationId: string, settings: StationSettings & { readonly password?: string | undefined }): Promise<StationRow>;
  /**
   * Takes in an unknown station, where `stations.unknown` says so. Rejects with a ConflictError where it is
   * known by now, with a RateLimitError where too many came, and as `verifyPassword` does.
   */
  selfRegister(
    stationId: string,
    settings: StationSettings & { readonly password?: string | undefined },
    attempt: PasswordAttempt,
  ): Promise<StationRow>;
  /** Throws a RateLimitError where a station that took itself in may not connect now. */
  checkConnection(station: StationRow): void;
  /** Changes a station. Rejects with a NotFoundError where it is not known. */
  change(stationId: string, settings: StationSettings): Promise<StationRow>;
  /**
   * Records the serial number of a station that has none recorded, unless another station has it; the row as it stands then,
   * with whichever serial number was recorded first. Rejects with a NotFoundError where the station is not known.
   */
  bindSerialNumber(stationId: string, serialNumber: string): Promise<StationRow>;
  /**
   * Pins the certificate that a station shows, its first or the announced one; the row as it stands then, or undefined where
   * another one is pinned by now: of two that come at once, one is pinned. Rejects with a NotFoundError where the station is
   * not known.
   */
  pinCertificate(station: StationRow, fingerprint: string): Promise<StationRow | undefined>;
  /** Records whether the certificate of a station that is let in has expired. Durable when it resolves; the row as it stands then. */
  recordExpiry(station: StationRow, expired: boolean): Promise<StationRow>;
  /** Whether a serial number is recorded for a station. */
  isSerialNumberTaken(serialNumber: string): Promise<boolean>;
  /** Removes a station that is not connected and has no transaction; rejects with a ConflictError otherwise. */
  remove(stationId: string): Promise<void>;
  /** Notes that an unknown station was refused; written a little later. */
  noteUnknown(identity: string, remoteAddress: string, subprotocols: readonly string[]): void;
  /** Resolves when the unknown stations that were noted so far are written, or could not be. */
  flushUnknown(): Promise<void>;
  /** The unknown stations that were refused, the last first. */
  unknown(): Promise<UnknownStationRow[]>;
  /** Deletes an unknown station from the list, where it stands there. */
  dismissUnknown(identity: string): Promise<boolean>;
  /**
   * Deletes unknown stations from the list, and stations that took themselves in and were not approved or changed, which were not seen since
   * a time, in milliseconds since 1970.
   */
  expireUnknown(before: number): Promise<{ readonly unknown: number; readonly stations: number }>;
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
  /**
   * Takes a BootNotification; the answer's status, and its interval in seconds. Durable when it resolves. `late` where its
   * connection has gone: it cannot be answered then, so it does not change what the station may send.
   */
  boot(
    stationId: string,
    facts: BootFacts,
    options?: { readonly late?: boolean },
  ): Promise<{ readonly status: StationRow["registration"]; readonly interval: number }>;
  /** Notes how many characters of a password a connected station says that it takes. */
  notePasswordLimit(stationId: string, limit: number): void;
  /** Notes a heartbeat. */
  heartbeat(stationId: string): Promise<void>;
  /** Notes that anything arrived, at most once in a few seconds. */
  seen(stationId: string): void;
  /** Notes how many items messages to the station may hold, as it has reported; what it has not named stays. */
  noteLimits(id: string, limits: MessageLimits): Promise<void>;
  /** Notes at the start of a process that nobody is connected, whatever the one before has left. */
  forgetConnections(): Promise<void>;
  /** Writes what was only noted so far. */
  close(): Promise<void>;
}

/** How much is kept of what a station says of itself. */
const longestName = 255;

/** Notes of `seen` are persisted this often at most, in milliseconds. */
const seenInterval = 5_000;

function checkIdentity(id: string): void {
  const fault = identityFault(id);
  if (fault !== undefined) throw new InvalidRequestError(`The identity of a station ${fault}`);
}

function checkSettings({ heartbeatInterval, securityProfile, serialNumber }: StationSettings): void {
  if (heartbeatInterval !== undefined && heartbeatInterval !== null) {
    if (!Number.isInteger(heartbeatInterval) || heartbeatInterval < 1 || heartbeatInterval > 2_147_483_647) {
      throw new InvalidRequestError("heartbeatInterval must be a whole number of seconds above 0");
    }
  }
  if (securityProfile !== undefined && ![0, 1, 2, 3].includes(securityProfile)) {
    throw new InvalidRequestError("securityProfile must be 0, 1, 2 or 3");
  }
  if (typeof serialNumber === "string" && (serialNumber === "" || serialNumber.length > longestName)) {
    throw new InvalidRequestError(`serialNumber must have 1 to ${longestName} characters`);
  }
}

/** Throws where a station is to be marked as having booted that is not accepted. */
function checkBooted({ booted }: StationSettings, registration: StationRow["registration"]): void {
  if (booted !== true || registration === "Accepted") return;
  throw new InvalidRequestError(`booted: a station that is ${registration} cannot be marked as having booted`);
}

/** A text of a station's as it is stored: what is far longer than any version allows is cut, and what no database holds mended. */
function cut(text: string | undefined): string | null {
  return text === undefined ? null : storableText(text.slice(0, longestName));
}

/** The part of a row that settings say. */
function settingsPatch(settings: StationSettings): Partial<StationRow> {
  const { registration, heartbeatInterval, securityProfile, serialNumber, booted, note, automation } = settings;
  const { allowExpiredCertificate, pinnedCertificate, nextCertificate } = settings;
  const fingerprint = (field: string, text: string | null): string | null =>
    text === null ? null : fingerprintText(field, text);
  return {
    ...(registration === undefined ? {} : { registration }),
    ...(heartbeatInterval === undefined ? {} : { heartbeat_interval: heartbeatInterval }),
    ...(securityProfile === undefined ? {} : { security_profile: securityProfile }),
    ...(serialNumber === undefined ? {} : { serial_number: serialNumber }),
    ...(booted === undefined ? {} : { booted: booted ? 1 : 0 }),
    ...(allowExpiredCertificate === undefined ? {} : { allow_expired_certificate: allowExpiredCertificate ? 1 : 0 }),
    ...(pinnedCertificate === undefined
      ? {}
      : { pinned_certificate: fingerprint("pinnedCertificate", pinnedCertificate) }),
    ...(nextCertificate === undefined ? {} : { next_certificate: fingerprint("nextCertificate", nextCertificate) }),
    ...(note === undefined ? {} : { note }),
    ...(automation === undefined ? {} : { automation: writeSwitches(automation) }),
  };
}

/**
 * Makes the registry. The rows of connected stations are held in memory as well, which is right as long as everybody
 * changes stations through it. `hashes` are given by tests that count how often a password is checked.
 */
export function createStationRegistry(
  infrastructure: Infrastructure,
  systemLog: SystemLog,
  hashes: PasswordHashes = createPasswordHashes(),
): StationRegistry {
  const { store, events, clock, configuration } = infrastructure;
  const live = new Map<string, StationRow>();
  const seenAt = new Map<string, number>();
  const rows = createStationRepository(store);
  const { unknownEvents } = configuration.stations;
  const refusals = createRefusalLog(systemLog, clock, unknownEvents);
  const eventRate = createRateLimit({ perMinute: unknownEvents, mostKeys: 1 }, clock);
  const unknownStations = createUnknownStations(infrastructure, refusals, eventRate);

  /** Whether something that a station did is reported: anybody can be one that took itself in. */
  const isTold = ({ self_registered }: Pick<StationRow, "self_registered">): boolean => {
    if (self_registered === 0 || eventRate.take("")) return true;
    refusals.count("event");
    return false;
  };

  const { get } = rows;

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

  /** Changes some fields, and emits events of it. Rejects with a NotFoundError where there is no such station. */
  const update = async (id: string, fields: Partial<StationRow>, made: readonly NewEvent[]): Promise<void> => {
    const patch = { ...fields, self_registered: 0, updated_at: clock.now() } as const;
    const [changed] = await events.commit([rows.patch({ id, ...patch })], made);
    if (changed === 0) throw new NotFoundError(`There is no station ${JSON.stringify(id)}`);
    note(id, patch);
  };

  const passwords = createStationPasswords({
    configuration,
    clock,
    hashes,
    systemLog,
    get,
    known,
    update,
    keepDigest: (row) => {
      store.append(rows.digest(row));
      if (live.get(row.id)?.password_hash === row.password_hash) note(row.id, { password_digest: row.password_digest });
    },
  });

  /** Removes stations that took themselves in, unless they are connected by now. */
  const removeSelfRegistered = async (ids: readonly string[]): Promise<number> => {
    const gone = ids.filter((id) => !live.has(id));
    if (gone.length === 0) return 0;
    await events.commit(
      gone.flatMap((id) => rows.selfRegisteredRemoval(id)),
      gone
        .filter(() => isTold({ self_registered: 1 }))
        .map((id) => ({ stationId: id, kind: "station.removed", data: {} })),
    );
    return gone.length;
  };

  const selfRegistration = createSelfRegistration(infrastructure, rows, refusals, removeSelfRegistered);

  /** Takes a station in with a hash of its password. */
  const enter = async (
    id: string,
    settings: StationSettings,
    fields: Pick<StationRow, "password_hash" | "self_registered">,
  ): Promise<StationRow> => {
    const now = clock.now();
    const row: StationRow = {
      ...blankStation(id, now),
      security_profile: Math.min(...configuration.webSocket.securityProfiles),
      password_digest: fields.password_hash === null ? null : hashes.digest(id, fields.password_hash),
      ...settingsPatch(settings),
      ...fields,
    };
    const told = isTold(row);
    try {
      await events.commit(
        [rows.insert(row), unknownStations.removal(id)],
        told ? [{ stationId: id, kind: "station.registered", data: { registration: row.registration } }] : [],
      );
    } catch (error) {
      if (error instanceof StoreError && error.code === "constraint") {
        throw new ConflictError(`There is a station ${JSON.stringify(id)} already`);
      }
      throw error;
    }
    if (told) systemLog.write("INFO", "System", `The station was entered as ${row.registration}`, id);
    return row;
  };

  const intervalOf = (row: StationRow): number =>
    registrationOf(row) === "Accepted"
      ? (row.heartbeat_interval ?? configuration.stations.heartbeatInterval)
      : configuration.stations.retryInterval;

  return {
    get,
    live: (id) => live.get(id),
    add: async (id, { password, ...settings }) => {
      checkIdentity(id);
      checkSettings(settings);
      checkBooted(settings, settings.registration ?? "Accepted");
      if (password !== undefined) checkPassword(password, configuration);
      const hash = password === undefined ? null : await hashes.hash(id, password);
      return enter(id, settings, { password_hash: hash, self_registered: 0 });
    },
    selfRegister: async (id, { password, ...settings }, { remoteAddress, signal }) => {
      checkIdentity(id);
      if (password !== undefined) checkPassword(password, configuration);
      await selfRegistration.admit(remoteAddress);
      const place = { source: addressKey(remoteAddress), first: false, signal };
      const hash = password === undefined ? null : await hashes.hash(id, password, place);
      return enter(id, settings, { password_hash: hash, self_registered: 1 });
    },
    checkConnection: (row) => {
      selfRegistration.checkConnection(row);
    },
    change: async (id, settings) => {
      checkSettings(settings);
      const { registration } = await known(id);
      checkBooted(settings, settings.registration ?? registration);
      const patch = settingsPatch(settings);
      await update(id, patch, [{ stationId: id, kind: "station.changed", data: { ...settings } }]);
      return known(id);
    },
    bindSerialNumber: async (id, serialNumber) => {
      const [bound] = await events.commit([rows.serialNumberBinding(id, serialNumber, clock.now())], []);
      const row = await known(id);
      if (bound === 0) return row;
      note(id, { serial_number: serialNumber });
      const what = "Its first client certificate has bound the station to the serial number that it names";
      if (isTold(row)) systemLog.write("NOTICE", "System", what, id);
      return row;
    },
    pinCertificate: async (station, fingerprint) => {
      let row = station;
      // Pins change seldom: the loser of a race finds the winner's pin when it reads the row again.
      for (;;) {
        const verdict = judgePin(row, fingerprint);
        if (verdict === "pinned") return row;
        if (verdict === "other") return undefined;
        const [pinned] = await events.commit([rows.certificatePin(row, fingerprint, clock.now())], []);
        row = await known(row.id);
        if (pinned === 0) continue;
        note(row.id, { pinned_certificate: fingerprint, next_certificate: null });
        const what = `The client certificate ${fingerprint} is pinned: the station is let in with no other`;
        if (isTold(row)) systemLog.write("NOTICE", "System", what, row.id);
        return row;
      }
    },
    recordExpiry: async (row, expired) => {
      const certificate_expired = expired ? 1 : 0;
      if (row.certificate_expired === certificate_expired) return row;
      // A station with an expired certificate is served only what a Pending station is, from this connection on.
      const noted: Partial<StationRow> = { certificate_expired, updated_at: clock.now() };
      const patch: Partial<StationRow> = expired ? { ...noted, booted: 0 } : noted;
      await events.commit([rows.patch({ ...patch, id: row.id })], []);
      note(row.id, patch);
      if (expired) {
        const what =
          "The client certificate of the station has expired: it is Pending until it shows one that is valid";
        systemLog.write("NOTICE", "System", what, row.id);
      }
      return known(row.id);
    },
    isSerialNumberTaken: rows.hasSerialNumber,
    remove: async (id) => {
      const row = await known(id);
      if (row.connected === 1 || live.has(id)) throw new ConflictError("The station is connected");
      if (await rows.hasOpenTransaction(id))
        throw new ConflictError("The station has a transaction that has not ended");
      await events.commit(rows.removal(id), [{ stationId: id, kind: "station.removed", data: {} }]);
      systemLog.write("INFO", "System", "The station was removed", id);
    },
    ...passwords,
    noteUnknown: unknownStations.add,
    flushUnknown: unknownStations.flush,
    unknown: unknownStations.list,
    dismissUnknown: unknownStations.dismiss,
    expireUnknown: async (before) => ({
      unknown: await unknownStations.expire(before),
      stations: await selfRegistration.expire(before),
    }),
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
      const told = isTold(row);
      if (told) systemLog.write("INFO", "System", `Connected from ${remoteAddress} with ${protocol}`, id);
      const made: NewEvent[] = [{ stationId: id, kind: "station.connected", data }];
      if (!online) made.push({ stationId: id, kind: "station.online", data: { protocol } });
      await events.commit([rows.patch({ id, ...patch })], told ? made : []);
      await refresh(id);
    },
    disconnected: async (id, { code, reason }) => {
      const told = isTold(live.get(id) ?? { self_registered: 0 });
      live.delete(id);
      seenAt.delete(id);
      if (told) systemLog.write("INFO", "System", `Disconnected with ${code}`, id);
      const made: readonly NewEvent[] = [
        { stationId: id, kind: "station.disconnected", data: { code, reason } },
        { stationId: id, kind: "station.offline", data: {} },
      ];
      await events.commit([rows.patch({ id, disconnected_at: clock.now(), connected: 0 })], told ? made : []);
    },
    boot: async (id, facts, { late = false } = {}) => {
      const row = live.get(id) ?? (await known(id));
      const status = registrationOf(row);
      const now = clock.now();
      const patch = {
        ...(late ? {} : { booted: status === "Accepted" ? (1 as const) : (0 as const) }),
        ...(status === "Accepted" && row.self_registered === 1 && !late ? ({ self_registered: 0 } as const) : {}),
        vendor: cut(facts.vendor),
        model: cut(facts.model),
        // A boot without one leaves what is recorded: client certificates are checked against it.
        ...(facts.serialNumber === undefined || facts.serialNumber === ""
          ? {}
          : { serial_number: cut(facts.serialNumber) }),
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
      const told = status === "Accepted" || isTold(row);
      const made: NewEvent = {
        stationId: id,
        kind: "station.booted",
        data: {
          registration: status,
          vendor: patch.vendor,
          model: patch.model,
          firmwareVersion: patch.firmware_version,
          reason: patch.boot_reason,
        },
      };
      await events.commit([rows.patch({ id, ...patch })], told ? [made] : []);
      note(id, patch);
      if (told) systemLog.write("INFO", "ChargePoint", `The station has booted and is ${status}`, id);
      return { status, interval: intervalOf(row) };
    },
    noteLimits: async (id, limits) => {
      if (Object.keys(limits).length === 0) return;
      const row = live.get(id) ?? (await known(id));
      const message_limits = JSON.stringify({ ...readLimits(row.message_limits), ...limits });
      if (message_limits === row.message_limits) return;
      await store.write(rows.patch({ id, message_limits }));
      note(id, { message_limits });
    },
    notePasswordLimit: (id, limit) => {
      if (live.get(id)?.password_limit === limit) return;
      note(id, { password_limit: limit });
      store.append(rows.patch({ id, password_limit: limit }));
    },
    heartbeat: (id) => {
      const now = clock.now();
      note(id, { last_heartbeat_at: now, last_seen_at: now });
      seenAt.set(id, now);
      store.append(rows.patch({ id, last_heartbeat_at: now, last_seen_at: now }));
      events.append({ stationId: id, kind: "station.heartbeat", data: {} });
      return Promise.resolve();
    },
    seen: (id) => {
      const now = clock.now();
      if (now - (seenAt.get(id) ?? 0) < seenInterval) return;
      seenAt.set(id, now);
      note(id, { last_seen_at: now });
      store.append(rows.patch({ id, last_seen_at: now }));
    },
    forgetConnections: async () => {
      await store.write(rows.forgetConnections(clock.now()));
    },
    close: async () => {
      await unknownStations.close();
      refusals.close();
    },
  };
}
