import type { OperationResult, Operations } from "../../commands/operations.ts";

/** An operation as the message of one version. */
export interface CommandMessage {
  readonly action: string;
  readonly payload: object;
  /** The statuses that mean that the station will do it, or has done it. */
  readonly accepted: readonly string[];
  /** Reads the status from the response, where it is not its `status`. */
  readonly status?: (response: unknown) => string;
}

/** An id token with what our records say of it. */
export interface KnownToken {
  readonly idToken: string;
  readonly type: string;
  readonly groupId: string | undefined;
  /** Whether we have a record of it. */
  readonly entered: boolean;
}

/** Where an operation is to be done. */
export type Place = NonNullable<Parameters<Operations["triggerMessage"]>[3]>;

/** The operations as messages of one version. Methods throw an InvalidRequestError where the version has no such thing. */
export interface VersionCommands {
  remoteStart(
    token: KnownToken,
    start: {
      readonly remoteStartId: number;
      readonly evseId?: number | undefined;
      readonly chargingProfile?: unknown;
    },
  ): CommandMessage;
  remoteStop(transactionId: string): CommandMessage;
  reset(type: "Soft" | "Hard", evseId: number | undefined): CommandMessage;
  unlockConnector(evseId: number, connectorId: number): CommandMessage;
  readConfiguration(keys: readonly string[]): CommandMessage;
  /** Joins the answers where stations may take fewer keys at once than are read (B06.FR.05); undefined where they take all. */
  readonly joinReads: ((results: readonly OperationResult[]) => OperationResult) | undefined;
  changeConfiguration(key: string, value: string): CommandMessage;
  triggerMessage(requestedMessage: string, where: Place): CommandMessage;
  changeAvailability(type: "Operative" | "Inoperative", where: Place): CommandMessage;
  reserveNow(
    token: KnownToken,
    reservation: Omit<Parameters<Operations["reserveNow"]>[1], "idToken" | "type">,
  ): CommandMessage;
  transactionStatus(transactionId: string | undefined): CommandMessage;
  /** `limit` is the most characters that the station says that it takes; null where it has not said. */
  changePassword(password: string, limit: number | null): CommandMessage;
}

/** The fields that are given, without those that are undefined, which a message must not have. */
export function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
