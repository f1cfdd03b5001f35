import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { scanPage } from "../../http/scan-page.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  annotated,
  list,
  parameters,
  record,
  type Static,
  stationId,
  string,
  time,
  whole,
} from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { UnknownStationRow } from "../../store/tables/stations.ts";
import { offeredSubprotocols } from "../unknown-stations.ts";
import { passwordSchema, stationJson, stationSchema, stationSettings } from "./station-json.ts";

const pages: PageOrder = {
  sorts: {
    lastAt: { column: "last_at" },
    firstAt: { column: "first_at" },
    identity: { column: "identity", text: true },
  },
  sort: "lastAt",
  order: "desc",
  id: "identity",
};

const unknownStationSchema = annotated(
  record({
    identity: string(),
    firstAt: time,
    lastAt: time,
    attempts: whole("How often it tried.", 1),
    remoteAddress: string(),
    subprotocols: list(string(), "The versions that it offered."),
  }),
  { title: "UnknownStation" },
);

function unknownStationJson(row: UnknownStationRow): Static<typeof unknownStationSchema> {
  return {
    identity: row.identity,
    firstAt: isoTime(row.first_at),
    lastAt: isoTime(row.last_at),
    attempts: row.attempts,
    remoteAddress: row.remote_address,
    subprotocols: offeredSubprotocols(row),
  };
}

/** The unknown stations that tried to connect and were refused. */
export const unknownStationsResource: Resource = (app, { stations, store, configuration }) => {
  const tags = ["stations"];
  const params = record({ identity: stationId });

  app.get(
    "/api/v1/unknown-stations",
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
      const rows = await scanPage(request, reply, store, { table: "knocks", pages, lead: [], rest: [] });
      return rows.map(unknownStationJson);
    },
  );

  app.post(
    "/api/v1/unknown-stations/:identity/approve",
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
      const { identity } = request.params;
      await stations.flushUnknown();
      const found = await store.reader
        .selectFrom("knocks")
        .select("identity")
        .where("identity", "=", identity)
        .executeTakeFirst();
      if (found === undefined) throw new NotFoundError(`There is no unknown station ${JSON.stringify(identity)}.`);
      const row = await stations.add(identity, { registration: "Accepted", ...request.body });
      await stations.dismissUnknown(identity);
      return reply
        .code(201)
        .header("location", `/api/v1/stations/${encodeURIComponent(identity)}`)
        .send(stationJson(row, configuration));
    },
  );

  app.delete(
    "/api/v1/unknown-stations/:identity",
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
      const { identity } = request.params;
      if (await stations.dismissUnknown(identity)) return reply.code(204).send();
      throw new NotFoundError(`There is no unknown station ${JSON.stringify(identity)}.`);
    },
  );
};
