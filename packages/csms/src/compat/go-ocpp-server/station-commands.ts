import { OperationError } from "../../commands/operations.ts";
import { callerName } from "../../http/access.ts";
import { maskedAnswer } from "../../http/masked-answer.ts";
import type { Resource } from "../../http/resource.ts";
import { choice, record, text, whole } from "../../shared/schema.ts";
import { knownStation } from "../../stations/rest/stations.ts";
import { triggerNames } from "../trigger-names.ts";
import { connectorPlace } from "./connector-place.ts";
import { addNamedCommand, commandBody, stationAnswer, stationAnswerSchema, stationResult } from "./named-command.ts";

const connector = whole("The connector of a 1.6 station; the EVSE of a 2.x station where `evseId` is left out.", 1);
const evse = whole("The EVSE of a 2.x station.", 1);

/** The commands of go-ocpp-server that concern the station and its connectors, for stations of all versions. */
export const stationCommandsResource: Resource = (app, services) => {
  const { operations } = services;

  addNamedCommand(
    app,
    {
      name: "reset",
      summary: "Send Reset: Soft after its transactions, Hard at once.",
      body: commandBody({ type: choice("How.", ["Soft", "Hard"]) }, ["type"]),
      example: { type: "Soft" },
      answer: stationAnswerSchema,
    },
    async ({ chargePointId, type }, request) =>
      stationResult("Reset", await operations.reset(chargePointId, type, callerName(request))),
  );

  addNamedCommand(
    app,
    {
      name: "unlock-connector",
      summary: "Send UnlockConnector.",
      body: commandBody({ connectorId: connector, evseId: evse }, ["connectorId"]),
      example: { connectorId: 1 },
      answer: stationAnswerSchema,
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

  addNamedCommand(
    app,
    {
      name: "change-configuration",
      summary: "Update a configuration key of a 1.6 station, or a variable of a 2.x station (`Component.Variable`).",
      body: commandBody({ key: text("The key, or the variable.", 200), value: text("Its new value.", 2_500, 0) }, [
        "key",
        "value",
      ]),
      example: { key: "HeartbeatInterval", value: "60" },
      answer: stationAnswerSchema,
    },
    async ({ chargePointId, key, value }, request) =>
      stationResult(
        "Configuration change",
        await operations.changeConfiguration(chargePointId, key, value, callerName(request)),
      ),
  );

  addNamedCommand(
    app,
    {
      name: "clear-cache",
      summary: "Send ClearCache: the station forgets its authorization cache.",
      body: commandBody({}),
      example: {},
      answer: stationAnswerSchema,
    },
    async ({ chargePointId }, request) =>
      stationResult("Clear cache", await operations.clearCache(chargePointId, callerName(request))),
  );

  addNamedCommand(
    app,
    {
      name: "trigger-message",
      summary:
        "Send TriggerMessage: the station sends a message; DiagnosticsStatusNotification is LogStatusNotification of 2.x.",
      body: commandBody(
        { requestedMessage: choice("Which message.", triggerNames), connectorId: connector, evseId: evse },
        ["requestedMessage"],
      ),
      example: { requestedMessage: "StatusNotification", connectorId: 1 },
      answer: stationAnswerSchema,
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

  addNamedCommand(
    app,
    {
      name: "generic",
      summary: "Send any action to a station; `calls` does the same by path.",
      body: commandBody(
        {
          action: text("The action.", 100),
          payload: { type: "object", description: "Its payload; empty unless given." },
        },
        ["action"],
      ),
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
};
