import type { CommandOptions } from "../commands/command.ts";
import type { Commander } from "../commands/commander.ts";
import { OperationError, type OperationResult, type Operations } from "../commands/operations.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { NotFoundError } from "../shared/service-error.ts";
import { createAutomationGate, type Requester } from "../stations/automation.ts";
import { readLimits } from "../stations/message-limits.ts";
import type { StationRegistry } from "../stations/registry.ts";
import type { TokenRegistry } from "../tokens/registry.ts";
import type { RemoteStarts } from "../transactions/repository/remote-starts.ts";
import { commandsOf } from "./versions/commands.ts";
import type { CommandMessage, KnownToken, VersionCommands } from "./versions/version-commands.ts";

function statusOf(response: unknown): string {
  const status =
    typeof response === "object" && response !== null && "status" in response ? response.status : undefined;
  return typeof status === "string" ? status : "Unknown";
}

/** Makes the operations over the commander. */
export function createOperations(
  { configuration }: Pick<Infrastructure, "configuration">,
  services: {
    readonly commander: Commander;
    readonly stations: StationRegistry;
    readonly tokens: TokenRegistry;
    readonly remoteStarts: RemoteStarts;
  },
): Operations {
  const { commander, stations, tokens, remoteStarts } = services;
  const automation = createAutomationGate(configuration);

  /** The commands of the version that a station speaks. */
  const commandsFor = async (stationId: string): Promise<VersionCommands> => {
    const row = stations.live(stationId) ?? (await stations.get(stationId));
    if (row === undefined) throw new NotFoundError(`There is no station ${JSON.stringify(stationId)}`);
    if (row.protocol === null) throw new OperationError("NotConnected", "The station has never connected");
    return commandsOf(row.protocol);
  };

  const known = async (idToken: string, type: string | undefined): Promise<KnownToken> => {
    const row = await tokens.get(idToken);
    const entered = row !== undefined && row.erased === 0;
    return { idToken, type: type ?? row?.type ?? "ISO14443", groupId: row?.group_id ?? undefined, entered };
  };

  const ask = async (
    stationId: string,
    message: CommandMessage,
    by: Requester,
    more: Pick<CommandOptions, "booked" | "reason" | "writes"> = {},
  ): Promise<OperationResult> => {
    const { action, payload, accepted, status: read = statusOf } = message;
    const background = typeof by !== "string";
    if (background && !automation.allows(stations.live(stationId), by.automation)) {
      throw new OperationError("SwitchedOff", `The CSMS must not ask this station: automation.${by.automation} is off`);
    }
    const options = { requestedBy: background ? by.by : by, background, ...more };
    const outcome = await commander.call(stationId, action, payload, options);
    if (outcome.state === "error") throw new OperationError(outcome.code, outcome.description, outcome.id);
    const status = read(outcome.result);
    return { accepted: accepted.includes(status), status, response: outcome.result, commandId: outcome.id };
  };

  return {
    remoteStart: async (stationId, { idToken, type, evseId, chargingProfile }, by) => {
      const commands = await commandsFor(stationId);
      const token = await known(idToken, type);
      const start = await remoteStarts.prepare({ stationId, idToken, type: token.type, evseId });
      try {
        const message = commands.remoteStart(token, { remoteStartId: start.remoteStartId, evseId, chargingProfile });
        const result = await ask(stationId, message, by, { booked: true, writes: [start.insertion] });
        if (!result.accepted) await start.refused();
        return { ...result, remoteStartId: start.remoteStartId, knownToken: token.entered };
      } catch (error) {
        await start.refused();
        throw error;
      }
    },
    remoteStop: async (stationId, transactionId, by, reason) =>
      ask(stationId, (await commandsFor(stationId)).remoteStop(transactionId), by, { reason }),
    reset: async (stationId, type, by, evseId) =>
      ask(stationId, (await commandsFor(stationId)).reset(type, evseId), by),
    unlockConnector: async (stationId, evseId, connectorId, by) =>
      ask(stationId, (await commandsFor(stationId)).unlockConnector(evseId, connectorId), by),
    readConfiguration: async (stationId, keys, by) => {
      const commands = await commandsFor(stationId);
      const row = stations.live(stationId) ?? (await stations.get(stationId));
      const { joinReads } = commands;
      const most = readLimits(row?.message_limits ?? null).GetVariables;
      if (joinReads === undefined || most === undefined || keys.length <= most) {
        return ask(stationId, commands.readConfiguration(keys), by);
      }
      // No more in a message than the station takes (B06.FR.05).
      const results: OperationResult[] = [];
      for (let from = 0; from < keys.length; from += most) {
        results.push(await ask(stationId, commands.readConfiguration(keys.slice(from, from + most)), by));
      }
      return joinReads(results);
    },
    changeConfiguration: async (stationId, key, value, by) =>
      ask(stationId, (await commandsFor(stationId)).changeConfiguration(key, value), by),
    clearCache: async (stationId, by) => {
      await commandsFor(stationId);
      return ask(stationId, { action: "ClearCache", payload: {}, accepted: ["Accepted"] }, by);
    },
    triggerMessage: async (stationId, requestedMessage, by, where = {}) =>
      ask(stationId, (await commandsFor(stationId)).triggerMessage(requestedMessage, where), by),
    changeAvailability: async (stationId, type, by, where = {}) =>
      ask(stationId, (await commandsFor(stationId)).changeAvailability(type, where), by),
    reserveNow: async (stationId, { idToken, type, ...reservation }, by) => {
      const commands = await commandsFor(stationId);
      return ask(stationId, commands.reserveNow(await known(idToken, type), reservation), by);
    },
    cancelReservation: async (stationId, reservationId, by) => {
      await commandsFor(stationId);
      const message = { action: "CancelReservation", payload: { reservationId }, accepted: ["Accepted"] };
      return ask(stationId, message, by);
    },
    transactionStatus: async (stationId, transactionId, by) =>
      ask(stationId, (await commandsFor(stationId)).transactionStatus(transactionId), by),
    changePassword: async (stationId, password, by) => {
      const commands = await commandsFor(stationId);
      const row = stations.live(stationId) ?? (await stations.get(stationId));
      return ask(stationId, commands.changePassword(password, row?.password_limit ?? null), by);
    },
  };
}
