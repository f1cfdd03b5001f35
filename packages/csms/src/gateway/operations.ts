import type { Commander } from "../services/commander.ts";
import { OperationError, type OperationResult, type Operations } from "../services/operations.ts";
import type { Platform } from "../services/platform.ts";
import { NotFoundError } from "../services/service-error.ts";
import type { StationRegistry } from "../services/station-registry.ts";
import type { TokenRegistry } from "../services/token-registry.ts";
import type { KnownToken, OperationMessage, OperationWords } from "./operations/operation-message.ts";
import { createRemoteStarts } from "./operations/remote-starts.ts";
import { words2x } from "./operations/v2x.ts";
import { words16 } from "./operations/v16.ts";

function statusOf(response: unknown): string {
  const status =
    typeof response === "object" && response !== null && "status" in response ? response.status : undefined;
  return typeof status === "string" ? status : "Unknown";
}

/** Makes the operations over the commander. With a `platform`, remote starts are kept until their transactions begin. */
export function createOperations(
  commander: Commander,
  stations: StationRegistry,
  tokens: TokenRegistry,
  platform?: Pick<Platform, "clock" | "store">,
): Operations {
  const starts = createRemoteStarts(platform);

  /** The version of a station, in whose words an operation is put. */
  const wordsFor = async (stationId: string): Promise<OperationWords> => {
    const row = stations.live(stationId) ?? (await stations.get(stationId));
    if (row === undefined) throw new NotFoundError(`There is no station ${JSON.stringify(stationId)}`);
    if (row.protocol === null) throw new OperationError("NotConnected", "The station has never connected");
    return row.protocol === "ocpp1.6" ? words16 : words2x;
  };

  const known = async (idToken: string, type: string | undefined): Promise<KnownToken> => {
    const row = await tokens.get(idToken);
    return { idToken, type: type ?? row?.type ?? "ISO14443", groupId: row?.group_id ?? undefined };
  };

  const ask = async (stationId: string, message: OperationMessage, by: string): Promise<OperationResult> => {
    const { action, payload, accepted, status: read = statusOf } = message;
    const outcome = await commander.call(stationId, action, payload, { requestedBy: by });
    if (outcome.state === "error") throw new OperationError(outcome.code, outcome.description, outcome.id);
    const status = read(outcome.result);
    return { accepted: accepted.includes(status), status, response: outcome.result, commandId: outcome.id };
  };

  return {
    remoteStart: async (stationId, { idToken, type, evseId, chargingProfile }, by) => {
      const words = await wordsFor(stationId);
      const token = await known(idToken, type);
      const start = await starts.begin(stationId, idToken, evseId);
      try {
        const message = words.remoteStart(token, { remoteStartId: start.remoteStartId, evseId, chargingProfile });
        const result = await ask(stationId, message, by);
        if (!result.accepted) await start.refused();
        return { ...result, remoteStartId: start.remoteStartId };
      } catch (error) {
        await start.refused();
        throw error;
      }
    },
    remoteStop: async (stationId, transactionId, by) =>
      ask(stationId, (await wordsFor(stationId)).remoteStop(transactionId), by),
    reset: async (stationId, type, by, evseId) => ask(stationId, (await wordsFor(stationId)).reset(type, evseId), by),
    unlockConnector: async (stationId, evseId, connectorId, by) =>
      ask(stationId, (await wordsFor(stationId)).unlockConnector(evseId, connectorId), by),
    readConfiguration: async (stationId, keys, by) =>
      ask(stationId, (await wordsFor(stationId)).readConfiguration(keys), by),
    changeConfiguration: async (stationId, key, value, by) =>
      ask(stationId, (await wordsFor(stationId)).changeConfiguration(key, value), by),
    clearCache: async (stationId, by) => {
      await wordsFor(stationId);
      return ask(stationId, { action: "ClearCache", payload: {}, accepted: ["Accepted"] }, by);
    },
    triggerMessage: async (stationId, requestedMessage, by, where = {}) =>
      ask(stationId, (await wordsFor(stationId)).triggerMessage(requestedMessage, where), by),
    changeAvailability: async (stationId, type, by, where = {}) =>
      ask(stationId, (await wordsFor(stationId)).changeAvailability(type, where), by),
    reserveNow: async (stationId, { idToken, type, ...reservation }, by) => {
      const words = await wordsFor(stationId);
      return ask(stationId, words.reserveNow(await known(idToken, type), reservation), by);
    },
    cancelReservation: async (stationId, reservationId, by) => {
      await wordsFor(stationId);
      const message = { action: "CancelReservation", payload: { reservationId }, accepted: ["Accepted"] };
      return ask(stationId, message, by);
    },
    transactionStatus: async (stationId, transactionId, by) =>
      ask(stationId, (await wordsFor(stationId)).transactionStatus(transactionId), by),
    changePassword: async (stationId, password, by) =>
      ask(stationId, (await wordsFor(stationId)).changePassword(password), by),
  };
}
