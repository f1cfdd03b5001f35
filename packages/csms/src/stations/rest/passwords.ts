import { randomBytes } from "node:crypto";
import { callerName } from "../../http/access.ts";
import { fieldError } from "../../http/api-error.ts";
import type { Resource } from "../../http/resource.ts";
import { boolean, parameters, record, string, withExample } from "../../shared/schema.ts";
import { passwordSchema } from "./station-json.ts";
import { knownStation, stationParameters, stationPath } from "./stations.ts";

const path = `${stationPath}/password`;

/**
 * A random password that no person needs to know (A01.FR.06, A01.FR.07): 20 random bytes as hexadecimal digits,
 * which are an AuthorizationKey of 1.6 and a BasicAuthPassword of 2.x alike.
 */
function randomPassword(): string {
  return randomBytes(20).toString("hex");
}

/** The passwords of stations: set and taken away, and never returned. */
export const stationPasswordsResource: Resource = (app, services) => {
  const { stations, operations } = services;

  app.put(
    path,
    {
      config: { role: "admin" },
      schema: {
        operationId: "setStationPassword",
        summary: "Update the password of a station, here only or at the station as well.",
        description:
          "With `push` the station is sent the password first (ChangeConfiguration AuthorizationKey of 1.6, SetVariables BasicAuthPassword of 2.x); the old one stays valid until the station accepts (A01). Without `password`, which `push` allows, it is a random one that only the station gets to know.",
        tags: ["stations"],
        params: stationParameters,
        body: withExample(
          parameters({
            password: passwordSchema,
            push: boolean("Whether the station is sent it; false unless given."),
          }),
          { password: "correct-horse-battery", push: true },
        ),
        response: {
          200: {
            description: "Whether the password is in force now; with `push`, what the station said.",
            ...record({ success: boolean(), status: string(), commandId: string() }, ["status", "commandId"]),
          },
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { password, push = false } = request.body;
      await knownStation(services, id);
      if (!push) {
        if (password === undefined) throw fieldError("body", "password", "is required, unless push is true");
        await stations.setPassword(id, password);
        return { success: true };
      }
      const { accepted, status, commandId } = await operations.changePassword(
        id,
        password ?? randomPassword(),
        callerName(request),
      );
      return { success: accepted, status, commandId };
    },
  );

  app.delete(
    path,
    {
      config: { role: "admin" },
      schema: {
        operationId: "removeStationPassword",
        summary: "Delete the password of a station, so that it cannot log in with one.",
        tags: ["stations"],
        params: stationParameters,
        response: { 204: { type: "null", description: "It has none." } },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await knownStation(services, id);
      await stations.setPassword(id, null);
      return reply.code(204).send();
    },
  );
};
