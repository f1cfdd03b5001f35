import { sql } from "kysely";
import { linkHeader, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { scanNote, timeParameters } from "../../http/scan-page.ts";
import { sendPage } from "../../http/send-page.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  boolean,
  choice,
  count,
  integer,
  list,
  nullable,
  parameters,
  record,
  rowId,
  type Static,
  stationId,
  string,
  text,
  time,
} from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import { firstWithin } from "../../store/first-within.ts";
import type { FrameRow } from "../../store/tables/observability.ts";
import { exchangesOf } from "./messages-exchange.ts";
import { type FrameType, frameOrder, frameTypes, messageScan } from "./messages-query.ts";

const tags: string[] = ["logs"];
const typeNames = Object.keys(frameTypes) as FrameType[];

/** How many frames with one message id are looked at: stations that count their messages use the same ids again. */
const mostFrames = 200;
/** How many bytes the texts of those have at most that are shown. */
const mostBytes = 4_194_304;

function typeOf(row: FrameRow): FrameType {
  return typeNames.find((name) => frameTypes[name] === row.type) ?? "unknown";
}

/** Whether a frame was cut, and what is known of the whole. */
export function wholeOf({ body, length, digest }: FrameRow): Pick<MessageJson, "truncated" | "length" | "digest"> {
  return { truncated: digest !== null, length: length ?? Buffer.byteLength(body), digest };
}

function messageJson(row: FrameRow): MessageJson {
  return {
    id: row.id,
    stationId: row.station_id,
    timestamp: isoTime(row.at),
    direction: row.direction,
    type: typeOf(row),
    action: row.action,
    messageId: row.message_id,
    frame: row.body,
    ...wholeOf(row),
  };
}

const messageSchema = record({
  id: rowId,
  stationId,
  timestamp: time,
  direction: choice("Inbound is from the station.", ["inbound", "outbound"]),
  type: choice("Which kind of frame it is.", typeNames),
  action: nullable(string()),
  messageId: nullable(string()),
  frame: string("The frame as it was, but for secrets; the beginning of a long one."),
  truncated: boolean("Whether `frame` is only the beginning (`messageLog.maxBody`)."),
  length: count("The bytes of the whole frame, secrets masked."),
  digest: nullable(string("Of a frame that was cut, the SHA-256 of the whole, secrets masked, as hex.")),
});

type MessageJson = Static<typeof messageSchema>;

const exchangeSchema = record({
  stationId,
  request: nullable(messageSchema),
  answer: nullable(messageSchema),
  milliseconds: nullable(integer("From the request to its answer.")),
});

/** The message log. */
export const messagesResource: Resource = (app, { store }) => {
  app.get(
    "/api/v1/messages",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listMessages",
        summary: "List frames from and to stations, or search them.",
        description: `The newest first. ${scanNote}`,
        tags,
        querystring: parameters({
          stationId,
          action: text("Only frames of this action.", 100),
          messageId: text("Only frames with this message id.", 255),
          direction: choice("Only from stations, or to them.", ["inbound", "outbound"]),
          type: choice("Only frames of this kind.", typeNames),
          text: text("Only frames with this text.", 200),
          ...timeParameters,
          ...pageParameters(frameOrder),
        }),
        response: { 200: { description: "The frames.", headers: linkHeader, ...list(messageSchema) } },
      },
    },
    (request, reply) => sendPage(request, reply, store, messageScan(request.query), messageJson),
  );

  app.get(
    "/api/v1/messages/:messageId",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getMessage",
        summary: "Get a request and its answer.",
        description:
          "The exchanges with this message id, the newest first, as far as 200 frames and 4 MiB go: stations may use an id again, and others may use it, too.",
        tags,
        params: record({ messageId: text("The message id.", 255) }),
        querystring: parameters({ stationId }),
        response: {
          200: {
            description: "The exchanges.",
            ...record({ messageId: string(), exchanges: list(exchangeSchema) }),
          },
        },
      },
    },
    async ({ params: { messageId }, query: { stationId } }) => {
      let found = store.reader.selectFrom("frames").where("message_id", "=", messageId);
      if (stationId !== undefined) found = found.where("station_id", "=", stationId);
      const newest = found.orderBy("id", "desc").limit(mostFrames);
      const rows = await store.reader
        .selectFrom("frames")
        .selectAll()
        .where(
          "id",
          "in",
          firstWithin(newest.select(["id", sql<number>`octet_length(body)`.as("bytes")]), "desc", mostBytes),
        )
        .orderBy("id", "desc")
        .execute();
      if (rows.length === 0) throw new NotFoundError("No frame with this message id is stored.");
      const exchanges = exchangesOf(rows).map(({ request, answer }) => ({
        stationId: (request ?? answer)?.station_id ?? "",
        request: request === undefined ? null : messageJson(request),
        answer: answer === undefined ? null : messageJson(answer),
        milliseconds: request === undefined || answer === undefined ? null : answer.at - request.at,
      }));
      return { messageId, exchanges };
    },
  );
};
