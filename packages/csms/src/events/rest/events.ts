import { isStillAllowed } from "../../http/access.ts";
import { fieldError } from "../../http/api-error.ts";
import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, during, type Scan, scanNote, timeParameters } from "../../http/scan-page.ts";
import { sendPage } from "../../http/send-page.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  annotated,
  count,
  list,
  nullable,
  parameters,
  record,
  rowId,
  type Schema,
  type Static,
  stationId,
  streamed,
  string,
  time,
} from "../../shared/schema.ts";
import type { EventRow } from "../../store/tables/events.ts";
import { createEventsFeed } from "../feed/feed.ts";
import type { EventJson } from "../feed/frame.ts";
import { createEventStream, type EventStream, streamPatience } from "../feed/stream.ts";
import { kindRanges } from "../filter.ts";
import { eventKindSchema, eventKinds, kindFault } from "../kinds.ts";
import { storedEventData } from "../stored.ts";

const tags: string[] = ["events"];
const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

const eventId: Schema<number> = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

const filters = {
  stationId: { ...list(stationId, "Only those of these stations."), maxItems: 100 },
  kind: {
    ...list(eventKindSchema, `Only those of these kinds, or families of kinds: ${Object.keys(eventKinds).join(", ")}.`),
    maxItems: 50,
    examples: [["transaction", "connector.status"]],
  },
};

const listSchema = parameters({
  ...filters,
  after: { ...eventId, description: "Only those with a higher id." },
  ...timeParameters,
});

/** A question about events. */
export type EventQuery = Static<typeof listSchema>;

/** Refuses kinds that there are not, with what was probably meant. */
function checkKinds(kinds: readonly string[] = []): void {
  for (const kind of kinds) {
    const fault = kindFault(kind);
    if (fault !== undefined) throw fieldError("query", "kind", `is wrong: ${fault}`);
  }
}

/** How to find a page of the events. */
export function eventScan(query: EventQuery): Scan<"events"> {
  const { stationId: stations = [], kind: kinds = [], after } = query;
  const { lead, rest } = during<"events">(query);
  const [station] = stations;
  if (after !== undefined) lead.push((where) => where("id", ">", after));
  if (station !== undefined && stations.length === 1) lead.push((where) => where("station_id", "=", station));
  else if (stations.length > 0) rest.push((where) => where("station_id", "in", [...stations]));
  const wanted: Condition<"events"> = (where) =>
    where.or(kindRanges(kinds).map(({ from, to }) => where.and([where("kind", ">=", from), where("kind", "<=", to)])));
  const [kind] = kinds;
  if (stations.length === 0 && kinds.length === 1 && kind?.includes(".") === true)
    lead.push((where) => where("kind", "=", kind));
  else if (kinds.length > 0) rest.push(wanted);
  return { table: "events", pages, lead, rest };
}

function eventRowJson(row: EventRow): EventJson {
  return {
    id: row.id,
    kind: row.kind,
    stationId: row.station_id,
    timestamp: isoTime(row.at),
    data: JSON.parse(storedEventData(row.kind, row.data)) as unknown,
  };
}

/** Data of more than 262,144 characters: its short members, and how long the whole was. */
const cutData = annotated(
  record({ truncated: { type: "boolean", const: true }, length: count(), digest: string("SHA-256 of the whole.") }),
  { title: "CutData", additionalProperties: true },
);

/** An event of every kind, as lists, streams and webhooks tell it. */
const eventSchema = {
  $id: "Event",
  title: "Event",
  oneOf: Object.entries(eventKinds).map(([kind, { description, data }]) =>
    annotated(
      record({
        id: rowId,
        kind: { type: "string", const: kind },
        stationId: nullable(stationId),
        timestamp: time,
        data: { anyOf: [data, cutData] },
      }),
      { title: kind, description },
    ),
  ),
};
const eventReference = { $ref: "Event#" } as Schema<EventJson>;

/** Where to resume: a browser that reconnects tells it in the header, so that counts before the parameter. */
function resumeFrom(header: string | readonly string[] | undefined, since: number | undefined): number | undefined {
  if (header === undefined || header === "") return since;
  const id = Number(header);
  if (typeof header !== "string" || !/^\d+$/.test(header) || !Number.isSafeInteger(id)) {
    throw fieldError("header", "Last-Event-ID", "must be the id of an event");
  }
  return id;
}

/** The events, as a list and as a stream. */
export const eventsResource: Resource = (app, services) => {
  app.addSchema(eventSchema);
  const feed = createEventsFeed(services.events, services.clock);
  const streams = new Set<EventStream>();
  app.addHook("preClose", (done) => {
    for (const stream of streams) stream.end("shutdown");
    feed.close();
    done();
  });

  app.get(
    "/api/v1/events",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listEvents",
        summary: "List events.",
        description: `The newest first. ${scanNote} To follow what happens, use the stream.`,
        tags,
        querystring: parameters({
          ...filters,
          after: { ...eventId, description: "Only those with a higher id." },
          ...timeParameters,
          ...pageParameters(pages),
        }),
        response: { 200: { description: "The events.", headers: linkHeader, ...list(eventReference) } },
      },
    },
    (request, reply) => {
      checkKinds(request.query.kind);
      return sendPage(request, reply, services.store, eventScan(request.query), eventRowJson);
    },
  );

  app.get(
    "/api/v1/events/stream",
    {
      // A stream has no end whose head could be told.
      exposeHeadRoute: false,
      config: { role: "viewer", limited: false },
      schema: {
        operationId: "streamEvents",
        summary: "Get a stream of events, as server-sent events.",
        description:
          "From now on, or from after the id in `Last-Event-ID` or `since`: nothing is left out and nothing comes twice. Comments keep the connection awake. The event `end` tells why the server ends it: `shutdown`, `key-ended` for a key that is revoked or has expired, or `slow-reader` for who took nothing for half a minute; resume with the last id.",
        tags,
        querystring: parameters({
          ...filters,
          since: { ...eventId, description: "Begin after this id; 0 for all that are stored." },
        }),
        response: {
          200: { description: "The stream.", content: { "text/event-stream": { schema: streamed(string()) } } },
        },
      },
    },
    async (request, reply) => {
      const { stationId, kind, since } = request.query;
      checkKinds(kind);
      const after = resumeFrom(request.headers["last-event-id"], since);
      const reader = await feed.reader({ stations: stationId, kinds: kind }, after);
      const stream = createEventStream(reader, services.clock, streamPatience, () =>
        isStillAllowed(request, services.apiKeys),
      );
      streams.add(stream);
      stream.body.once("close", () => streams.delete(stream));
      void reply
        .type("text/event-stream; charset=utf-8")
        .header("cache-control", "no-store")
        // Proxies such as nginx would keep events back to fill a buffer.
        .header("x-accel-buffering", "no");
      return reply.send(stream.body);
    },
  );
};
