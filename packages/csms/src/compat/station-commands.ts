import type { FastifyInstance } from "fastify";
import { OperationError } from "../commands/operations.ts";
import { triggerNames } from "../commands/rest/command-names.ts";
import { callerName } from "../http/access.ts";
import { maskedAnswer } from "../http/masked-answer.ts";
import type { ApiServices } from "../http/resource.ts";
import { choice, record, type Schema, text, whole } from "../http/schema.ts";
import { knownStation } from "../stations/rest/stations.ts";
import { connectorPlace } from "./connector-place.ts";
import { addNamedCommand, stationAnswer, stationResult } from "./named-command.ts";

const connector: Schema = whole(
  "The connector of a 1.6 station; the EVSE of a 2.x station where `evseId` is left out.",
  1,
);
const evse: Schema = whole("The EVSE of a 2.x station.", 1);

/** The commands of go-ocpp-server that concern the station and its connectors, for stations of all versions. */
export function stationCommandsResource(app: FastifyInstance, services: ApiServices): void {
  const { operations } = services;

  addNamedCommand<{ type: "Soft" | "Hard" }>(
    app,
    {
      name: "reset",
      summary: "Send Reset: Soft after its transactions, Hard at once.",
      fields: { type: choice("How.", ["Soft", "Hard"]) },
      required: ["type"],
      example: { type: "Soft" },
    },
    async ({ chargePointId, type }, request) =>
      stationResult("Reset", await operations.reset(chargePointId, type, callerName(request))),
  );

  addNamedCommand<{ connectorId: number; evseId?: number }>(
    app,
    {
      name: "unlock-connector",
      summary: "Send UnlockConnector.",
      fields: { connectorId: connector, evseId: evse },
      required: ["connectorId"],
      example: { connectorId: 1 },
    },
    async ({ chargePointId, connectorId, evseId }, request) => {
      const place = connectorPlace(await knownStation(services, chargePointId), connectorId, evseId);
      const by = callerName(request);
      return stationResult(
        "Unlock connector",
        await operations.unlockConnector(chargePointId, place.evseId, place.connectorId ?? 1, by),
      );
    },
  );

  addNamedCommand<{ key: string; value: string }>(
    app,
    {
      name: "change-configuration",
      summary: "Update a configuration key of a 1.6 station, or a variable of a 2.x station (`Component.Variable`).",
      fields: { key: text("The key, or the variable.", 200), value: text("Its new value.", 2_500, 0) },
      required: ["key", "value"],
      example: { key: "HeartbeatInterval", value: "60" },
    },
    async ({ chargePointId, key, value }, request) =>
      stationResult(
        "Configuration change",
        await operations.changeConfiguration(chargePointId, key, value, callerName(request)),
      ),
  );

  addNamedCommand(
    app,
    { name: "clear-cache", summary: "Send ClearCache: the station forgets its authorization cache.", example: {} },
    async ({ chargePointId }, request) =>
      stationResult("Clear cache", await operations.clearCache(chargePointId, callerName(request))),
  );

  addNamedCommand<{ requestedMessage: string; connectorId?: number; evseId?: number }>(
    app,
    {
      name: "trigger-message",
      summary:
        "Send TriggerMessage: the station sends a message; DiagnosticsStatusNotification is LogStatusNotification of 2.x.",
      fields: { requestedMessage: choice("Which message.", triggerNames), connectorId: connector, evseId: evse },
      required: ["requestedMessage"],
      example: { requestedMessage: "StatusNotification", connectorId: 1 },
    },
    async ({ chargePointId, requestedMessage, connectorId, evseId }, request) => {
      const station = await knownStation(services, chargePointId);
      const where =
        connectorId === undefined
          ? evseId === undefined
            ? undefined
            : { evseId }
          : connectorPlace(station, connectorId, evseId);
      return stationResult(
        "Trigger message",
        await operations.triggerMessage(chargePointId, requestedMessage, callerName(request), where),
      );
    },
  );

  addNamedCommand<{ action: string; payload?: object }>(
    app,
    {
      name: "generic",
      summary: "Send any action to a station; `calls` does the same by path.",
      fields: {
        action: text("The action.", 100),
        payload: { type: "object", description: "Its payload; empty unless given." },
      },
      required: ["action"],
      example: { action: "GetDiagnostics", payload: { location: "ftp://example.com/diagnostics", retries: 3 } },
      answer: record({ ...stationAnswer, result: { description: "The station's answer." } }, ["status"]),
    },
    async ({ chargePointId, action, payload = {} }, request) => {
      const outcome = await services.commander.call(chargePointId, action, payload, {
        requestedBy: callerName(request),
      });
      if (outcome.state === "error") throw new OperationError(outcome.code, outcome.description, outcome.id);
      return {
        success: true,
        message: "Command successful",
        result: maskedAnswer(outcome.result),
        commandId: outcome.id,
      };
    },
  );
}
