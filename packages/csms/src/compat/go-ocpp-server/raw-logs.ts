import { linkHeader, pageParameters } from "../../http/page.ts";
import type { ApiServices, Resource } from "../../http/resource.ts";
import { type Condition, type Scan, scanNote } from "../../http/scan-page.ts";
import { sendFramedPage } from "../../http/send-page.ts";
import { wholeOf } from "../../observability/rest/messages.ts";
import { frameOrder, messageScan } from "../../observability/rest/messages-query.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  boolean,
  choice,
  count,
  list,
  parameters,
  record,
  rowId,
  type Static,
  stationId,
  string,
  text,
  time,
  whole,
} from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import { idAt } from "../../store/id-source.ts";
import type { FrameRow } from "../../store/tables/observability.ts";

/** How long after the end of a transaction a frame is still counted as its own: the answer comes after the request. */
const afterwards = 5000;

/** Directions as go-ocpp-server names them, seen from the CSMS. */
const directions = { SEND: "outbound", RECV: "inbound" } as const;

/** Kinds of frames as go-ocpp-server names them; those of 2.1 likewise. */
const typeNames: Readonly<Record<number, string>> = {
  2: "Request",
  3: "Response",
  4: "Error",
  5: "ResponseError",
  6: "Send",
};

const rawLogSchema = record(
  {
    id: rowId,
    chargePointId: stationId,
    timestamp: time,
    direction: choice("SEND is from the CSMS, RECV from the station.", ["SEND", "RECV"]),
    messageType: choice("Which kind of frame it is.", Object.values(typeNames)),
    action: string(),
    messageId: string(),
    message: string("The frame as it was, but for secrets; the beginning of a long one."),
    truncated: boolean("There where `message` is only the beginning."),
    length: count("Its bytes as a whole, secrets masked."),
    digest: string("The SHA-256 of the whole, secrets masked, as hex."),
  },
  ["messageType", "action", "messageId", "truncated", "length", "digest"],
);

function rawLogJson(row: FrameRow): Static<typeof rawLogSchema> {
  const type = typeNames[row.type];
  return {
    id: row.id,
    chargePointId: row.station_id,
    timestamp: isoTime(row.at),
    direction: row.direction === "outbound" ? "SEND" : "RECV",
    ...(type === undefined ? {} : { messageType: type }),
    ...(row.action === null ? {} : { action: row.action }),
    ...(row.message_id === null ? {} : { messageId: row.message_id }),
    message: row.body,
    ...(row.digest === null ? {} : { ...wholeOf(row), digest: row.digest }),
  };
}

/** As go-ocpp-server does, what a transaction's station said and heard while it ran. */
async function whileRunning(
  { transactions }: ApiServices,
  scan: Scan<"frames">,
  transactionId: string,
  chargePointId: string | undefined,
): Promise<Scan<"frames">> {
  const row = await transactions.find(transactionId, chargePointId);
  if (row === undefined) throw new NotFoundError("There is no transaction with this transactionId.");
  const { station_id, start_received_at: from, stop_received_at: to } = row;
  const lead: Condition<"frames">[] = [
    (where) => where("station_id", "=", station_id),
    (where) => where("id", ">=", idAt(from)),
  ];
  if (to !== null) lead.push((where) => where("id", "<", idAt(to + afterwards)));
  // What led to the frames without a transaction is tried on each of them with one.
  return { ...scan, lead, rest: [...scan.lead, ...scan.rest] };
}

const answerSchema = record({ count: whole("How many there are in `logs`."), logs: list(rawLogSchema) });

const { order: _order, ...paging } = pageParameters(frameOrder, 50);

/** The message log as go-ocpp-server has it; `/api/v1/messages` searches it further. */
export const rawLogsResource: Resource = (app, services) => {
  app.get(
    "/api/raw-logs",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listRawLogs",
        summary: "List frames from and to stations.",
        description: `The newest first; with \`transactionId\`, those of its station while it ran, the oldest first. ${scanNote}`,
        tags: ["go-ocpp-server"],
        querystring: parameters({
          chargePointId: stationId,
          direction: choice("Only frames from the CSMS, or from stations.", ["SEND", "RECV"]),
          action: text("Only frames of this action.", 100),
          transactionId: text("Only frames while this transaction ran.", 255),
          ...paging,
          order: choice("Up or down.", ["asc", "desc"]),
          offset: whole("How many to leave out; far in, `cursor` is faster.", 0, 1_000_000),
        }),
        response: {
          200: {
            description: "The frames.",
            headers: linkHeader,
            ...answerSchema,
          },
        },
      },
    },
    async (request, reply) => {
      const { direction, transactionId, chargePointId, action, offset } = request.query;
      const found = messageScan({
        ...(transactionId === undefined && chargePointId !== undefined ? { stationId: chargePointId } : {}),
        ...(action === undefined ? {} : { action }),
        ...(direction === undefined ? {} : { direction: directions[direction] }),
        offset,
      });
      const scan =
        transactionId === undefined ? found : await whileRunning(services, found, transactionId, chargePointId);
      // A transaction is read from its start on.
      const order = request.query.order ?? (transactionId === undefined ? "desc" : "asc");
      const { url, server, query } = request;
      return sendFramedPage<"frames", Static<typeof answerSchema>>(
        { url, server, query: { ...query, order } },
        reply,
        services.store,
        scan,
        rawLogJson,
        { list: "logs", head: (count) => ({ count }) },
      );
    },
  );
};
