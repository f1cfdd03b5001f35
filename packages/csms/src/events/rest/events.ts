import { isStillAllowed } from "../../http/access.ts";
import { fieldError } from "../../http/api-error.ts";
import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, during, type Scan, scanNote, timeParameters } from "../../http/scan-page.ts";
import { list, nullable, parameters, record, rowId, type Schema, stationId, time } from "../../http/schema.ts";
import { sendPage } from "../../http/send-page.ts";
import { isoTime } from "../../http/times.ts";
import type { EventRow } from "../../store/tables/events.ts";
import { storedJson } from "../../transactions/rest/transaction-json.ts";
import { createEventsFeed } from "../feed/feed.ts";
import { createEventStream, type EventStream, streamPatience } from "../feed/stream.ts";
import { kindRanges } from "../filter.ts";
import { eventKinds, kindFault } from "../kinds.ts";

const tags: string[] = ["events"];
const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

/** What events can be narrowed by. */
export interface EventQuery {
  readonly chargePointId?: readonly string[];
  readonly kind?: readonly string[];
  readonly after?: number;
  readonly since?: string;
  readonly until?: string;
}

const eventId: Schema = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

const filters: Readonly<Record<string, Schema>> = {
  chargePointId: { ...list(stationId, "Only those of these stations."), maxItems: 100 },
  kind: {
    ...list(
      { type: "string", pattern: "^[a-z]+(\\.[a-z-]+)?$", maxLength: 50 },
      `Only those of these kinds, or families of kinds: ${Object.keys(eventKinds).join(", ")}.`,
    ),
    maxItems: 50,
    examples: [["transaction", "connector.status"]],
  },
};

/** Refuses kinds that there are not, with what was probably meant. */
function checkKinds(kinds: readonly string[] = []): void {
  for (const kind of kinds) {
    const fault = kindFault(kind);
    if (fault !== undefined) throw fieldError("query", "kind", `is wrong: ${fault}`);
  }
}

/** How to find a page of the events. */
export function eventScan(query: EventQuery): Scan<"events"> {
  const { chargePointId: stations = [], kind: kinds = [], after } = query;
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

function eventRowJson(row: EventRow): Record<string, unknown> {
  return {
    id: row.id,
    kind: row.kind,
    chargePointId: row.station_id,
    timestamp: isoTime(row.at),
    data: storedJson(row.data),
  };
}

const eventSchema = record({
  id: rowId,
  kind: { type: "string", examples: ["transaction.started"] },
  chargePointId: nullable(stationId),
  timestamp: time,
  data: { description: "What there is to say of it; by kind." },
});

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
  const feed = createEventsFeed(services.events, services.clock);
  const streams = new Set<EventStream>();
  app.addHook("preClose", (done) => {
    for (const stream of streams) stream.end("shutdown");
    feed.close();
    done();
  });

  app.get<{ Querystring: EventQuery }>(
    "/api/events",
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
        response: { 200: { description: "The events.", headers: linkHeader, ...list(eventSchema) } },
      },
    },
    (request, reply) => {
      checkKinds(request.query.kind);
      return sendPage(request, reply, services.store, eventScan(request.query), { row: eventRowJson });
    },
  );

  app.get<{ Querystring: EventQuery & { readonly since?: number } }>(
    "/api/events/stream",
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
          since: { ...eventId, description: "Begin after this id; 0 for all that are kept." },
        }),
        response: {
          200: { description: "The stream.", content: { "text/event-stream": { schema: { type: "string" } } } },
        },
      },
    },
    async (request, reply) => {
      const { chargePointId, kind, since } = request.query;
      checkKinds(kind);
      const after = resumeFrom(request.headers["last-event-id"], since);
      const reader = await feed.reader({ stations: chargePointId, kinds: kind }, after);
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
