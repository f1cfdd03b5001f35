import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { ApiServices, Resource } from "../../http/resource.ts";
import { type Scan, scanNote } from "../../http/scan-page.ts";
import { choice, list, parameters, record, rowId, stationId, text, time, whole } from "../../http/schema.ts";
import { sendPage } from "../../http/send-page.ts";
import { isoTime } from "../../http/times.ts";
import { wholeOf } from "../../observability/rest/messages.ts";
import { frameOrder, messageScan } from "../../observability/rest/messages-query.ts";
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

interface RawLogQuery {
  readonly chargePointId?: string;
  readonly direction?: keyof typeof directions;
  readonly action?: string;
  readonly transactionId?: string;
  readonly offset?: number;
}

function rawLogJson(row: FrameRow): Record<string, unknown> {
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
    ...(row.digest === null ? {} : wholeOf(row)),
  };
}

const rawLogSchema = record(
  {
    id: rowId,
    chargePointId: stationId,
    timestamp: time,
    direction: choice("SEND is from the CSMS, RECV from the station.", ["SEND", "RECV"]),
    messageType: choice("Which kind of frame it is.", Object.values(typeNames)),
    action: { type: "string" },
    messageId: { type: "string" },
    message: { type: "string", description: "The frame as it was, but for secrets; the beginning of a long one." },
    truncated: { type: "boolean", description: "There where `message` is only the beginning." },
    length: { type: "integer", minimum: 0, description: "Its bytes as a whole, secrets masked." },
    digest: { type: "string", description: "The SHA-256 of the whole, secrets masked, as hex." },
  },
  ["messageType", "action", "messageId", "truncated", "length", "digest"],
);

/** As go-ocpp-server does, what a transaction's station said and heard while it ran, from its start on. */
async function whileRunning(
  { transactions }: ApiServices,
  query: RawLogQuery,
  scan: Scan<"frames">,
): Promise<Scan<"frames">> {
  const row = await transactions.find(query.transactionId ?? "", query.chargePointId);
  if (row === undefined) throw new NotFoundError("There is no transaction with this transactionId.");
  const { station_id, start_received_at: from, stop_received_at: to } = row;
  const pages: PageOrder = { ...frameOrder, order: "asc" };
  return {
    ...scan,
    pages,
    lead: [
      (where) => where("station_id", "=", station_id),
      (where) => where("id", ">=", idAt(from)),
      ...(to === null
        ? []
        : [(where: Parameters<Scan<"frames">["lead"][number]>[0]) => where("id", "<", idAt(to + afterwards))]),
    ],
  };
}

const { order: _order, ...paging } = pageParameters(frameOrder, 50);

/** The message log as go-ocpp-server has it; `/api/messages` searches it further. */
export const rawLogsResource: Resource = (app, services) => {
  app.get<{ Querystring: RawLogQuery }>(
    "/api/raw-logs",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listRawLogs",
        summary: "List frames from and to stations.",
        description: `The newest first; with \`transactionId\`, those of its station while it ran, the oldest first. ${scanNote}`,
        tags: ["logs"],
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
            ...record({ count: whole("How many there are in `logs`."), logs: list(rawLogSchema) }),
          },
        },
      },
    },
    async (request, reply) => {
      const { direction, transactionId, chargePointId, ...rest } = request.query;
      const station = transactionId === undefined && chargePointId !== undefined ? { chargePointId } : {};
      const scan = messageScan({
        ...rest,
        ...station,
        ...(direction === undefined ? {} : { direction: directions[direction] }),
      });
      const settled = transactionId === undefined ? scan : await whileRunning(services, request.query, scan);
      // What led to the frames without a transaction is tried on each of them with one.
      const tried = settled === scan ? scan : { ...settled, rest: [...scan.lead, ...scan.rest] };
      const around = { list: "logs", head: (count: number) => ({ count }) };
      return sendPage(request, reply, services.store, tried, { row: rawLogJson, around });
    },
  );
};
