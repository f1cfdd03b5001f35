import { NotFoundError } from "../services/service-error.ts";
import type { FrameRow } from "../store/tables.ts";
import { exchangesOf } from "./messages-exchange.ts";
import { type FrameType, frameOrder, frameTypes, type MessageQuery, messageScan } from "./messages-query.ts";
import { linkHeader, pageParameters } from "./page.ts";
import type { Resource } from "./resource.ts";
import { scanNote, scanPage, timeParameters } from "./scan-page.ts";
import { choice, list, nullable, parameters, record, rowId, stationId, text, time } from "./schema.ts";
import { isoTime } from "./times.ts";

const tags: string[] = ["logs"];
const typeNames = Object.keys(frameTypes) as FrameType[];

/** How many frames with one message id are looked at: stations that count their messages use the same ids again. */
const mostFrames = 200;

function typeOf(row: FrameRow): FrameType {
  return typeNames.find((name) => frameTypes[name] === row.type) ?? "unknown";
}

function messageJson(row: FrameRow): Record<string, unknown> {
  return {
    id: row.id,
    chargePointId: row.station_id,
    timestamp: isoTime(row.at),
    direction: row.direction,
    type: typeOf(row),
    action: row.action,
    messageId: row.message_id,
    frame: row.body,
  };
}

const messageSchema = record({
  id: rowId,
  chargePointId: stationId,
  timestamp: time,
  direction: choice("Inbound is from the station.", ["inbound", "outbound"]),
  type: choice("Which kind of frame it is.", typeNames),
  action: nullable({ type: "string" }),
  messageId: nullable({ type: "string" }),
  frame: { type: "string", description: "The frame as it was, but for secrets." },
});

const exchangeSchema = record({
  chargePointId: stationId,
  request: nullable(messageSchema),
  answer: nullable(messageSchema),
  milliseconds: nullable({ type: "integer", description: "From the request to its answer." }),
});

/** The message log. */
export const messagesResource: Resource = (app, { store }) => {
  app.get<{ Querystring: MessageQuery }>(
    "/api/messages",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listMessages",
        summary: "Searches the frames that came and went.",
        description: `The newest first. ${scanNote}`,
        tags,
        querystring: parameters({
          chargePointId: stationId,
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
    async (request, reply) => (await scanPage(request, reply, store, messageScan(request.query))).map(messageJson),
  );

  app.get<{ Params: { readonly messageId: string }; Querystring: { readonly chargePointId?: string } }>(
    "/api/messages/:messageId",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getMessage",
        summary: "Shows a request and its answer.",
        description:
          "All exchanges with this message id, the newest first: stations may use an id again, and others may use it, too.",
        tags,
        params: parameters({ messageId: text("The message id.", 255) }, ["messageId"]),
        querystring: parameters({ chargePointId: stationId }),
        response: {
          200: {
            description: "The exchanges.",
            ...record({ messageId: { type: "string" }, exchanges: list(exchangeSchema) }),
          },
        },
      },
    },
    async ({ params: { messageId }, query: { chargePointId } }) => {
      let found = store.reader.selectFrom("frames").selectAll().where("message_id", "=", messageId);
      if (chargePointId !== undefined) found = found.where("station_id", "=", chargePointId);
      const rows = await found.orderBy("id", "desc").limit(mostFrames).execute();
      if (rows.length === 0) throw new NotFoundError("No frame with this message id is kept.");
      const exchanges = exchangesOf(rows).map(({ request, answer }) => ({
        chargePointId: (request ?? answer)?.station_id,
        request: request === undefined ? null : messageJson(request),
        answer: answer === undefined ? null : messageJson(answer),
        milliseconds: request === undefined || answer === undefined ? null : answer.at - request.at,
      }));
      return { messageId, exchanges };
    },
  );
};
