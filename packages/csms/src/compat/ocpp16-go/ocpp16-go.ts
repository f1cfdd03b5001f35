import { callerName } from "../../http/access.ts";
import { fieldError } from "../../http/api-error.ts";
import type { Resource } from "../../http/resource.ts";
import { factsOf } from "../../ocpp/versions/versions.ts";
import { isoTimeOrNull } from "../../shared/iso-time.ts";
import { boolean, choice, nullable, record, stationId, string, text, time, whole } from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import { knownStation } from "../../stations/rest/stations.ts";
import type { CommandRow } from "../../store/tables/commands.ts";
import { triggerNames } from "../trigger-names.ts";

/** The states of a message in ocpp16-go, by number. */
const stateNumbers: Readonly<Record<CommandRow["state"], number>> = {
  new: 1,
  sent: 2,
  received: 3,
  completed: 4,
  error: 5,
};

/** The endpoints of ocpp16-go: the status of a station and of a message, and asking a station for a message. */
export const ocpp16GoResource: Resource = (app, services) => {
  const { stations, commander, configuration } = services;

  app.get(
    "/charger/:name/status",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getChargerStatus",
        summary: "Get the status of a station as ocpp16-go gives it; without its AuthToken, which is a secret.",
        tags: ["ocpp16-go"],
        params: record({ name: stationId }),
        response: {
          200: {
            description: "The station.",
            ...record({
              HeartBeatInterval: whole("Seconds.", 1),
              AuthConnection: boolean("Whether it is accepted."),
              Connected: boolean(),
              RemoteIP: string(),
            }),
          },
        },
      },
    },
    async (request) => {
      const row = await knownStation(services, request.params.name);
      return {
        HeartBeatInterval: row.heartbeat_interval ?? configuration.stations.heartbeatInterval,
        AuthConnection: row.registration === "Accepted",
        Connected: row.connected === 1,
        RemoteIP: row.remote_address ?? "",
      };
    },
  );

  app.get(
    "/message/:id/status",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getMessageStatus",
        summary: "Get the status of a message to a station as ocpp16-go gives it.",
        tags: ["ocpp16-go"],
        params: record({ id: text("The unique id of the message.", 255) }),
        response: {
          200: {
            description: "The message.",
            ...record({
              Action: string(),
              Received: nullable(time),
              Status: whole("1 new, 2 sent, 3 received, 4 completed, 5 error.", 1, 5),
              Sent: nullable(time),
            }),
          },
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const row = await commander.get(id);
      if (row === undefined) throw new NotFoundError(`There is no message ${JSON.stringify(id)}.`);
      return {
        Action: row.action,
        Received: isoTimeOrNull(row.received_at),
        Status: stateNumbers[row.state],
        Sent: isoTimeOrNull(row.sent_at),
      };
    },
  );

  app.post(
    "/command/:name/triggeraction/:action",
    {
      config: { role: "operator" },
      schema: {
        operationId: "triggerAction",
        summary: "Send TriggerMessage as ocpp16-go does; it waits where the station is offline.",
        tags: ["ocpp16-go"],
        params: record({ name: stationId, action: choice("Which message.", triggerNames) }),
        response: {
          200: {
            description: "The command was taken on.",
            ...record({
              status: choice("Always this.", ["success"]),
              reference: string("The unique id of the message."),
              description: string(),
            }),
          },
        },
      },
    },
    async (request) => {
      const { name, action } = request.params;
      const station = await stations.get(name);
      // A 400, as in ocpp16-go; there it is the queue of a configured charger that is missing.
      if (station === undefined) throw fieldError("path", "name", "is not the name of a known station");
      const requestedMessage =
        station.protocol !== null && action === "DiagnosticsStatusNotification"
          ? factsOf(station.protocol).logStatusTrigger
          : action;
      const options = { requestedBy: callerName(request), offline: "wait" } as const;
      const { id } = await commander.submit(name, "TriggerMessage", { requestedMessage }, options);
      return { status: "success" as const, reference: id, description: "" };
    },
  );
};
