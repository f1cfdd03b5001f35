import type { NewEvent } from "../events/events.ts";
import type { StationRow } from "../store/tables.ts";
import { InvalidRequestError } from "./service-error.ts";
import type { PasswordHashes } from "./station-password.ts";
import type { StationRegistry } from "./station-registry.ts";
import type { SystemLog } from "./system-log.ts";

/** The part of the registry that deals with passwords. */
export type StationPasswords = Pick<
  StationRegistry,
  "leavePassword" | "setPassword" | "settlePassword" | "stagePassword" | "verifyPassword"
>;

/** What it is made of. */
export interface StationPasswordParts {
  readonly hashes: PasswordHashes;
  readonly systemLog: SystemLog;
  readonly get: (id: string) => Promise<StationRow | undefined>;
  /** `get`, which rejects with a NotFoundError where there is none. */
  readonly known: (id: string) => Promise<StationRow>;
  readonly update: (id: string, fields: Partial<StationRow>, made: readonly NewEvent[]) => Promise<void>;
}

/** Throws an InvalidRequestError where a text cannot be a password. */
export function checkPassword(password: string): void {
  if (password === "" || Buffer.byteLength(password) > 255) {
    throw new InvalidRequestError("A password must have 1 to 255 bytes");
  }
}

/** Makes that part. */
export function createStationPasswords({
  hashes,
  systemLog,
  get,
  known,
  update,
}: StationPasswordParts): StationPasswords {
  /** The second passwords that were left to stations which are asked to take another one. */
  const left = new Map<string, string>();

  const settlePassword = async (id: string, accepted: boolean): Promise<void> => {
    const before = left.get(id) ?? null;
    left.delete(id);
    const row = await get(id);
    if (row === undefined || row.next_password_hash === null) return;
    await update(
      id,
      accepted ? { password_hash: row.next_password_hash, next_password_hash: null } : { next_password_hash: before },
      [{ stationId: id, kind: "station.changed", data: { password: accepted ? "changed" : "kept" } }],
    );
    systemLog.write(
      "INFO",
      "System",
      accepted ? "The new password is in force" : "The old password stays in force",
      id,
    );
  };

  return {
    settlePassword,
    leavePassword: (id) => {
      left.delete(id);
    },
    setPassword: async (id, password) => {
      if (password !== null) checkPassword(password);
      await known(id);
      left.delete(id);
      const hash = password === null ? null : await hashes.hash(password);
      await update(id, { password_hash: hash, next_password_hash: null }, [
        { stationId: id, kind: "station.changed", data: { password: password === null ? "removed" : "set" } },
      ]);
    },
    stagePassword: async (id, password) => {
      checkPassword(password);
      const hash = await hashes.hash(password);
      const { next_password_hash: before } = await known(id);
      if (before !== null) left.set(id, before);
      await update(id, { next_password_hash: hash }, []);
    },
    verifyPassword: async ({ id, password_hash: current, next_password_hash: next }, password) => {
      // One that shows the first may still take the second: when it reboots, or changes to another network profile.
      if (current !== null && (await hashes.verify(current, password))) return true;
      if (next === null || !(await hashes.verify(next, password))) return false;
      if ((await get(id))?.next_password_hash === next) await settlePassword(id, true);
      return true;
    },
  };
}
