import type { Requester } from "../stations/automation.ts";

/** The answer of a station to an operation. */
export interface OperationResult {
  /** Whether the station will do it, or has done it. */
  readonly accepted: boolean;
  /** The status in the station's words, such as Unlocked. */
  readonly status: string;
  /** The response as it came. */
  readonly response: unknown;
  readonly commandId: string;
}

/** The station could not be asked, or answered with an error; `code` as in CommandOutcome. */
export class OperationError extends Error {
  override readonly name = "OperationError";
  readonly code: string;
  readonly commandId: string | undefined;

  constructor(code: string, description: string, commandId?: string) {
    super(description);
    this.code = code;
    this.commandId = commandId;
  }
}

/**
 * What operators do with a station, whatever its version: each becomes the message of that version, sent through the
 * Commander. All reject with an OperationError where there was no answer or a CALLERROR, a NotFoundError for an unknown
 * station, and an InvalidRequestError where the version has no such thing. `by` is who asks: what the CSMS asks for by
 * itself lets the commands of others go first, and rejects with the code `SwitchedOff` where it must not ask the station.
 */
export interface Operations {
  remoteStart(
    stationId: string,
    request: {
      readonly idToken: string;
      /** ISO14443 where it is left out and the token's record says nothing. */
      readonly type?: string | undefined;
      readonly evseId?: number | undefined;
      readonly chargingProfile?: unknown;
    },
    by: string,
  ): Promise<
    OperationResult & {
      readonly remoteStartId: number;
      /** Whether the token was entered; where not, a station that asks about it is answered as `tokens.unknown` says. */
      readonly knownToken: boolean;
    }
  >;
  /** `reason` is recorded with the transaction as why its stop was requested, once the station has accepted. */
  remoteStop(stationId: string, transactionId: string, by: string, reason?: string): Promise<OperationResult>;
  reset(stationId: string, type: "Soft" | "Hard", by: string, evseId?: number): Promise<OperationResult>;
  unlockConnector(stationId: string, evseId: number, connectorId: number, by: string): Promise<OperationResult>;
  /** All keys where none are named: GetConfiguration, or of 2.x GetVariables (which needs names). */
  readConfiguration(stationId: string, keys: readonly string[], by: string): Promise<OperationResult>;
  changeConfiguration(stationId: string, key: string, value: string, by: string): Promise<OperationResult>;
  clearCache(stationId: string, by: string): Promise<OperationResult>;
  /** `requestedMessage` in the words of 1.6 or 2.x; the diagnostics status is the log status of 2.x. */
  triggerMessage(
    stationId: string,
    requestedMessage: string,
    by: Requester,
    where?: { readonly evseId?: number | undefined; readonly connectorId?: number | undefined },
  ): Promise<OperationResult>;
  changeAvailability(
    stationId: string,
    type: "Operative" | "Inoperative",
    by: string,
    where?: { readonly evseId?: number | undefined; readonly connectorId?: number | undefined },
  ): Promise<OperationResult>;
  reserveNow(
    stationId: string,
    request: {
      readonly reservationId: number;
      readonly idToken: string;
      readonly type?: string | undefined;
      readonly groupId?: string | undefined;
      readonly evseId?: number | undefined;
      readonly connectorType?: string | undefined;
      /** Milliseconds since 1970. */
      readonly expiresAt: number;
    },
    by: string,
  ): Promise<OperationResult>;
  cancelReservation(stationId: string, reservationId: number, by: string): Promise<OperationResult>;
  /** Asks whether messages of a transaction are queued (2.x only, E14). */
  transactionStatus(stationId: string, transactionId: string | undefined, by: Requester): Promise<OperationResult>;
  /** Hands the station a new password: the old one stays valid until the station accepts (A01). */
  changePassword(stationId: string, password: string, by: string): Promise<OperationResult>;
}
