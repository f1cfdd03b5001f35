import type { Clock } from "@ocpp/core";
import type { Configuration } from "../config/configuration.ts";
import type { NewEvent } from "../events/events.ts";
import type { SystemLog } from "../observability/system-log.ts";
import { addressKey, createRateLimit, type RateLimit, RateLimitError } from "../shared/rate-limit.ts";
import { InvalidRequestError } from "../shared/service-error.ts";
import type { StationRow } from "../store/tables/stations.ts";
import { type PasswordHashes, type PasswordPlace, unmatchedHash } from "./password.ts";

/** Who shows a password: from where, and whether they are still there. */
export interface PasswordAttempt {
  readonly remoteAddress: string;
  /** Aborts when the other side hangs up; then the password is not checked any more. */
  readonly signal?: AbortSignal | undefined;
}

/** The part of the registry that deals with passwords. */
export interface StationPasswords {
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
  /**
   * Whether a password is the station's. One that was right before costs microseconds; any other waits for a slow check, and
   * wrong ones are counted against limits. Rejects with a RateLimitError where there were too many wrong ones, with a
   * PasswordBusyError where too many wait, and with the reason of the signal where that aborts before the check.
   */
  verifyPassword(station: StationRow, password: Buffer, attempt: PasswordAttempt): Promise<boolean>;
  /** Takes as long for a password as `verifyPassword` for a wrong one, under the same limits, where there is no such station. */
  refusePassword(identity: string, password: Buffer, attempt: PasswordAttempt): Promise<void>;
}

/** What it is made of. */
export interface StationPasswordParts {
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly hashes: PasswordHashes;
  readonly systemLog: SystemLog;
  readonly get: (id: string) => Promise<StationRow | undefined>;
  /** `get`, which rejects with a NotFoundError where there is none. */
  readonly known: (id: string) => Promise<StationRow>;
  readonly update: (id: string, fields: Partial<StationRow>, made: readonly NewEvent[]) => Promise<void>;
  /** Stores the digest of the password of a hash that was found right, unless the station has another hash by now. */
  readonly keepDigest: (row: Pick<StationRow, "id" | "password_hash" | "password_digest">) => void;
}

/** The most characters of any password (A00.FR.205 of OCPP 2.1). */
export const longestPassword = 64;

/** Whether a text has the length of a password: at least `stations.passwords.minLength` characters. */
export function isPasswordLength(password: string, { stations }: Pick<Configuration, "stations">): boolean {
  const { length } = Array.from(password);
  return length >= stations.passwords.minLength && length <= longestPassword;
}

/** Throws an InvalidRequestError where a text cannot become a password. Those that are stored already may be shorter. */
export function checkPassword(password: string, configuration: Pick<Configuration, "stations">): void {
  if (isPasswordLength(password, configuration)) return;
  const { minLength } = configuration.stations.passwords;
  throw new InvalidRequestError(
    `A password must have ${minLength} to ${longestPassword} characters; stations.passwords.minLength says how few`,
  );
}

/** What wrong passwords are counted against: the pair of address and identity, and the address. */
interface FailureLimits {
  /** Throws a RateLimitError where there were too many. */
  check(identity: string, remoteAddress: string): void;
  /** Counts a wrong password. */
  failed(identity: string, remoteAddress: string): void;
}

function createFailureLimits({ stations }: Configuration, clock: Clock): FailureLimits {
  const { pairFailures, addressFailures } = stations.passwords;
  const limitOf = (perMinute: number): RateLimit | undefined =>
    perMinute === 0 ? undefined : createRateLimit({ perMinute }, clock);
  const pairs = limitOf(pairFailures);
  const addresses = limitOf(addressFailures);
  const pairOf = (identity: string, address: string): string => `${address} ${identity}`;

  return {
    check: (identity, remoteAddress) => {
      const address = addressKey(remoteAddress);
      const wait = Math.max(pairs?.wait(pairOf(identity, address)) ?? 0, addresses?.wait(address) ?? 0);
      if (wait > 0) throw new RateLimitError("Too many wrong passwords were shown", wait);
    },
    failed: (identity, remoteAddress) => {
      const address = addressKey(remoteAddress);
      pairs?.take(pairOf(identity, address));
      addresses?.take(address);
    },
  };
}

/** Makes that part. */
export function createStationPasswords({
  configuration,
  clock,
  hashes,
  systemLog,
  get,
  known,
  update,
  keepDigest,
}: StationPasswordParts): StationPasswords {
  /** The second passwords that were left to stations which are asked to take another one. */
  const left = new Map<string, string>();
  const { hideUnknown } = configuration.stations;
  const limits = createFailureLimits(configuration, clock);
  const nobodys = unmatchedHash();

  const settlePassword = async (id: string, accepted: boolean): Promise<void> => {
    const before = left.get(id) ?? null;
    left.delete(id);
    const row = await get(id);
    if (row === undefined || row.next_password_hash === null) return;
    const next = row.next_password_hash;
    await update(
      id,
      accepted
        ? { password_hash: next, password_digest: hashes.digest(id, next), next_password_hash: null }
        : { next_password_hash: before },
      [{ stationId: id, kind: "station.changed", data: { password: accepted ? "changed" : "kept" } }],
    );
    systemLog.write(
      "INFO",
      "System",
      accepted ? "The new password is in force" : "The old password stays in force",
      id,
    );
  };

  /** What was verified is stored, unless it is already. */
  const keep = ({ id, password_hash, password_digest }: StationRow): void => {
    const digest = password_hash === null ? null : hashes.digest(id, password_hash);
    if (digest !== null && digest !== password_digest) keepDigest({ id, password_hash, password_digest: digest });
  };

  /** The station shows the second password: it is its password from now on. */
  const settleShown = async (id: string, hash: string): Promise<void> => {
    if ((await get(id))?.next_password_hash === hash) await settlePassword(id, true);
  };

  /** Runs slow checks under the limits of failures, which may be reached while they wait. */
  const limited = async (
    identity: string,
    { remoteAddress, signal }: PasswordAttempt,
    check: (place: PasswordPlace) => Promise<boolean>,
  ): Promise<boolean> => {
    const begins = (): void => {
      limits.check(identity, remoteAddress);
    };
    begins();
    const right = await check({ source: addressKey(remoteAddress), first: false, signal, begins });
    if (!right) limits.failed(identity, remoteAddress);
    return right;
  };

  return {
    settlePassword,
    leavePassword: (id) => {
      left.delete(id);
    },
    setPassword: async (id, password) => {
      await known(id);
      if (password !== null) checkPassword(password, configuration);
      left.delete(id);
      const hash = password === null ? null : await hashes.hash(id, password);
      const digest = hash === null ? null : hashes.digest(id, hash);
      await update(id, { password_hash: hash, password_digest: digest, next_password_hash: null }, [
        { stationId: id, kind: "station.changed", data: { password: password === null ? "removed" : "set" } },
      ]);
    },
    stagePassword: async (id, password) => {
      // Whatever its length: the station judges that, and what it has accepted is its password.
      if (password === "" || Buffer.byteLength(password) > 255) {
        throw new InvalidRequestError("A password must have 1 to 255 bytes");
      }
      const hash = await hashes.hash(id, password);
      const { next_password_hash: before } = await known(id);
      if (before !== null) left.set(id, before);
      await update(id, { next_password_hash: hash }, []);
    },
    verifyPassword: async (row, password, attempt) => {
      const { id: identity, password_hash: current, password_digest: digest, next_password_hash: next } = row;
      /** What is right of a hash, and what follows from that: one that shows the first may still take the second, when it
       * reboots, or changes to another network profile. */
      const found = async (hash: string): Promise<true> => {
        if (hash === current) keep(row);
        else await settleShown(identity, hash);
        return true;
      };
      const stored = [
        ...(current === null ? [] : [{ identity, hash: current, digest }]),
        ...(next === null ? [] : [{ identity, hash: next, digest: null }]),
      ];
      const recalled = stored.map((one) => ({ ...one, recall: hashes.recall(one, password) }));
      const right = recalled.find(({ recall }) => recall === "right");
      if (right !== undefined) return found(right.hash);
      // A digest that says no is as sure as a hash. But it says so quickly, which tells that the station is known.
      const open = recalled.filter(({ recall }) => hideUnknown || recall === "open");
      const check = async (place: PasswordPlace): Promise<boolean> => {
        for (const { hash } of open) if (await hashes.verify(identity, hash, password, place)) return found(hash);
        return false;
      };
      // The station was here before, and no digest knows its password yet: it waits for nobody's failures. Once one does,
      // the right password never comes this far, and what does comes from others at the same address.
      const { remoteAddress, signal } = attempt;
      if (row.remote_address === remoteAddress && recalled[0]?.recall === "open") {
        return check({ source: addressKey(remoteAddress), first: true, signal });
      }
      return limited(identity, attempt, check);
    },
    refusePassword: async (identity, password, attempt) => {
      await limited(identity, attempt, (place) => hashes.verify(identity, nobodys, password, place));
    },
  };
}
