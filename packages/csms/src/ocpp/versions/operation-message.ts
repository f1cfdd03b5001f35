import type { Operations } from "../../commands/operations.ts";

/** An operation in the words of one version. */
export interface OperationMessage {
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

/** What operators do, in the words of one version. Methods throw an InvalidRequestError where the version has no such thing. */
export interface OperationWords {
  remoteStart(
    token: KnownToken,
    start: {
      readonly remoteStartId: number;
      readonly evseId?: number | undefined;
      readonly chargingProfile?: unknown;
    },
  ): OperationMessage;
  remoteStop(transactionId: string): OperationMessage;
  reset(type: "Soft" | "Hard", evseId: number | undefined): OperationMessage;
  unlockConnector(evseId: number, connectorId: number): OperationMessage;
  readConfiguration(keys: readonly string[]): OperationMessage;
  changeConfiguration(key: string, value: string): OperationMessage;
  triggerMessage(requestedMessage: string, where: Place): OperationMessage;
  changeAvailability(type: "Operative" | "Inoperative", where: Place): OperationMessage;
  reserveNow(
    token: KnownToken,
    reservation: Omit<Parameters<Operations["reserveNow"]>[1], "idToken" | "type">,
  ): OperationMessage;
  transactionStatus(transactionId: string | undefined): OperationMessage;
  /** `limit` is the most characters that the station says that it takes; null where it has not said. */
  changePassword(password: string, limit: number | null): OperationMessage;
}

/** The fields that are given, without those that are undefined, which a message must not have. */
export function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
