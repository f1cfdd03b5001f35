import type { FastifyInstance } from "fastify";
import { linkHeader, type PageOrder, page, pageParameters } from "../../http/page.ts";
import type { ApiServices } from "../../http/resource.ts";
import { list, parameters, record, type Schema, stationId, time, whole } from "../../http/schema.ts";
import { isoTime } from "../../http/times.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { UnknownStationRow } from "../../store/tables/stations.ts";
import type { StationSettings } from "../facts.ts";
import { passwordSchema, stationJson, stationSchema, stationSettings } from "./station-json.ts";

const pages: PageOrder = {
  sorts: { lastAt: { column: "last_at" }, firstAt: { column: "first_at" }, identity: { column: "identity" } },
  sort: "lastAt",
  order: "desc",
  id: "identity",
};

const unknownStationSchema: Schema = {
  title: "UnknownStation",
  ...record({
    identity: { type: "string" },
    firstAt: time,
    lastAt: time,
    attempts: whole("How often it tried.", 1),
    remoteAddress: { type: "string" },
    subprotocols: list({ type: "string" }, "The versions that it offered."),
  }),
};

function unknownStationJson(row: UnknownStationRow): Record<string, unknown> {
  return {
    identity: row.identity,
    firstAt: isoTime(row.first_at),
    lastAt: isoTime(row.last_at),
    attempts: row.attempts,
    remoteAddress: row.remote_address,
    subprotocols: row.subprotocols === "" ? [] : row.subprotocols.split(", "),
  };
}

/** The unknown stations that tried to connect and were refused. */
export function unknownStationsResource(app: FastifyInstance, { stations, store, configuration }: ApiServices): void {
  const tags = ["stations"];
  const params = parameters({ identity: stationId });

  app.get(
    "/api/unknown-stations",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listUnknownStations",
        summary: "List unknown stations that tried to connect.",
        tags,
        querystring: parameters(pageParameters(pages)),
        response: { 200: { ...list(unknownStationSchema, "The unknown stations."), headers: linkHeader } },
      },
    },
    async (request, reply) => {
      await stations.flushUnknown();
      const rows = await page(request, reply, store.reader.selectFrom("knocks").selectAll(), pages);
      return rows.map(unknownStationJson);
    },
  );

  app.post(
    "/api/unknown-stations/:identity/approve",
    {
      config: { role: "operator" },
      schema: {
        operationId: "approveUnknownStation",
        summary: "Create a station from an unknown one that tried to connect.",
        tags,
        params,
        body: {
          ...parameters({ ...stationSettings, password: passwordSchema }),
          examples: [{ registration: "Accepted" }],
        },
        response: { 201: { ...stationSchema, description: "The station." } },
      },
    },
    async (request, reply) => {
      const { identity } = request.params as { identity: string };
      await stations.flushUnknown();
      const found = await store.reader
        .selectFrom("knocks")
        .select("identity")
        .where("identity", "=", identity)
        .executeTakeFirst();
      if (found === undefined) throw new NotFoundError(`There is no unknown station ${JSON.stringify(identity)}.`);
      const settings = request.body as StationSettings & { password?: string };
      const row = await stations.add(identity, { registration: "Accepted", ...settings });
      await stations.dismissUnknown(identity);
      reply.code(201).header("location", `/api/charge-points/${encodeURIComponent(identity)}`);
      return stationJson(row, configuration);
    },
  );

  app.delete(
    "/api/unknown-stations/:identity",
    {
      config: { role: "operator" },
      schema: {
        operationId: "dismissUnknownStation",
        summary: "Delete an unknown station from the list, until it tries again.",
        tags,
        params,
        response: { 204: { type: "null", description: "It is forgotten." } },
      },
    },
    async (request, reply) => {
      const { identity } = request.params as { identity: string };
      if (await stations.dismissUnknown(identity)) return reply.code(204).send();
      throw new NotFoundError(`There is no unknown station ${JSON.stringify(identity)}.`);
    },
  );
}
