import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, scanNote, scanPage } from "../../http/scan-page.ts";
import {
  choice,
  list,
  nullable,
  parameters,
  record,
  rowId,
  type Schema,
  stationId,
  text,
  time,
  whole,
  withExample,
} from "../../http/schema.ts";
import { isoTime, parseTime } from "../../http/times.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { ReservationRow } from "../../store/tables/reservations.ts";

const tags: string[] = ["reservations"];
const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

const statuses: readonly ReservationRow["status"][] = [
  "Requested",
  "Active",
  "Refused",
  "Used",
  "Cancelling",
  "Cancelled",
  "Expired",
  "Removed",
  "Failed",
];

const reservationId: Schema = { ...whole("The reservationId.", 1) };
const byId = parameters({ id: reservationId }, ["id"]);

function reservationJson(row: ReservationRow): Record<string, unknown> {
  return {
    id: row.id,
    chargePointId: row.station_id,
    evseId: row.evse_id,
    connectorId: row.connector_id,
    connectorType: row.connector_type,
    idTag: row.id_token,
    idTokenType: row.id_token_type,
    groupId: row.group_id,
    expiresAt: isoTime(row.expires_at),
    status: row.status,
    answer: row.answer,
    transaction: row.transaction,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

const reservationSchema = record({
  id: reservationId,
  chargePointId: stationId,
  evseId: nullable({ type: "integer" }),
  connectorId: nullable({ type: "integer" }),
  connectorType: nullable({ type: "string" }),
  idTag: { type: "string" },
  idTokenType: nullable({ type: "string" }),
  groupId: nullable({ type: "string" }),
  expiresAt: time,
  status: choice("Where it stands in its life.", statuses),
  answer: nullable({ type: "string", description: "What the station said, such as Occupied." }),
  transaction: nullable({ ...rowId, description: "The id of the transaction that used it." }),
  createdAt: time,
  updatedAt: time,
});

interface ReservationQuery {
  readonly chargePointId?: string;
  readonly status?: ReservationRow["status"];
}

interface Wish {
  readonly chargePointId: string;
  readonly idTag: string;
  readonly type?: string;
  readonly groupId?: string;
  readonly evseId?: number;
  readonly connectorType?: string;
  readonly expiresAt: string;
  readonly reservationId?: number;
}

interface ById {
  readonly Params: { readonly id: number };
}

/** The reservations. */
export const reservationsResource: Resource = (app, services) => {
  app.get<{ Querystring: ReservationQuery }>(
    "/api/reservations",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listReservations",
        summary: "List reservations.",
        description: `The newest first. ${scanNote}`,
        tags,
        querystring: parameters({
          chargePointId: stationId,
          status: choice("Only those that stand so.", statuses),
          ...pageParameters(pages),
        }),
        response: { 200: { description: "The reservations.", headers: linkHeader, ...list(reservationSchema) } },
      },
    },
    async (request, reply) => {
      const { chargePointId, status } = request.query;
      const conditions: Condition<"reservations">[] = [];
      if (chargePointId !== undefined) conditions.push((where) => where("station_id", "=", chargePointId));
      if (status !== undefined) conditions.push((where) => where("status", "=", status));
      // One index has both columns; it leads to an order by id only with both.
      const both = conditions.length === 2;
      const rows = await scanPage(request, reply, services.store, {
        table: "reservations",
        pages,
        lead: both ? conditions : [],
        rest: both ? [] : conditions,
      });
      return rows.map(reservationJson);
    },
  );

  app.get<ById>(
    "/api/reservations/:id",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getReservation",
        summary: "Get a reservation.",
        tags,
        params: byId,
        response: { 200: { description: "The reservation.", ...reservationSchema } },
      },
    },
    async ({ params }) => {
      const row = await services.reservations.get(params.id);
      if (row === undefined) throw new NotFoundError(`There is no reservation ${params.id}.`);
      return reservationJson(row);
    },
  );

  app.post<{ Body: Wish }>(
    "/api/reservations",
    {
      config: { role: "operator" },
      schema: {
        operationId: "reserve",
        summary: "Create a reservation: the station is asked.",
        description:
          "The reservation is kept whatever the station says: `status` is Active or Refused, and `answer` is its word.",
        tags,
        body: withExample(
          record(
            {
              chargePointId: stationId,
              idTag: text("The id token that it is for.", 255),
              type: text("The IdTokenEnumType of 2.x.", 20),
              groupId: text("Whoever is of this group may use it, too.", 255),
              evseId: whole("The EVSE, or connector of 1.6; any unless given."),
              connectorType: text("A ConnectorEnumType of 2.x.", 50),
              expiresAt: { ...time, description: "When it ends; in the future." },
              reservationId: { ...reservationId, description: "The reservation of this station that it replaces." },
            },
            ["type", "groupId", "evseId", "connectorType", "reservationId"],
          ),
          { chargePointId: "CS001", idTag: "RFID123", evseId: 1, expiresAt: "2030-01-01T12:00:00Z" },
        ),
        response: {
          201: {
            description: "The reservation.",
            headers: { Location: { type: "string", description: "Where it is." } },
            ...reservationSchema,
          },
        },
      },
    },
    async ({ body, caller }, reply) => {
      const { chargePointId, idTag, expiresAt, ...rest } = body;
      const row = await services.reservations.reserve(
        { stationId: chargePointId, idToken: idTag, expiresAt: parseTime(expiresAt, "expiresAt", "body"), ...rest },
        caller?.name ?? "",
      );
      return reply.code(201).header("location", `/api/reservations/${row.id}`).send(reservationJson(row));
    },
  );

  app.delete<ById>(
    "/api/reservations/:id",
    {
      config: { role: "operator" },
      schema: {
        operationId: "cancelReservation",
        summary: "Delete a reservation: the station is asked to cancel it.",
        tags,
        params: byId,
        response: { 200: { description: "The reservation as it stands now.", ...reservationSchema } },
      },
    },
    async ({ params, caller }) => reservationJson(await services.reservations.cancel(params.id, caller?.name ?? "")),
  );
};
