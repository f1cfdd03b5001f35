import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { ledByBoth, scanNote, scanPage } from "../../http/scan-page.ts";
import { parseTime } from "../../http/times.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  choice,
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
  whole,
  withExample,
} from "../../shared/schema.ts";
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

const reservationId = whole("The reservationId.", 1);
const byId = record({ id: reservationId });

function reservationJson(row: ReservationRow): Static<typeof reservationSchema> {
  return {
    id: row.id,
    stationId: row.station_id,
    evseId: row.evse_id,
    connectorId: row.connector_id,
    connectorType: row.connector_type,
    idToken: row.id_token,
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
  stationId,
  evseId: nullable(integer()),
  connectorId: nullable(integer()),
  connectorType: nullable(string()),
  idToken: string(),
  idTokenType: nullable(string()),
  groupId: nullable(string()),
  expiresAt: time,
  status: choice("Where it stands in its life.", statuses),
  answer: nullable(string("What the station said, such as Occupied.")),
  transaction: nullable({ ...rowId, description: "The id of the transaction that used it." }),
  createdAt: time,
  updatedAt: time,
});

/** The reservations. */
export const reservationsResource: Resource = (app, services) => {
  app.get(
    "/api/v1/reservations",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listReservations",
        summary: "List reservations.",
        description: `The newest first. ${scanNote}`,
        tags,
        querystring: parameters({
          stationId,
          status: choice("Only those that stand so.", statuses),
          ...pageParameters(pages),
        }),
        response: { 200: { description: "The reservations.", headers: linkHeader, ...list(reservationSchema) } },
      },
    },
    async (request, reply) => {
      const { stationId, status } = request.query;
      const conditions = ledByBoth<"reservations">(
        stationId === undefined ? undefined : (where) => where("station_id", "=", stationId),
        status === undefined ? undefined : (where) => where("status", "=", status),
      );
      const rows = await scanPage(request, reply, services.store, { table: "reservations", pages, ...conditions });
      return rows.map(reservationJson);
    },
  );

  app.get(
    "/api/v1/reservations/:id",
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

  app.post(
    "/api/v1/reservations",
    {
      config: { role: "operator" },
      schema: {
        operationId: "reserve",
        summary: "Create a reservation: the station is asked.",
        description:
          "The reservation is recorded whatever the station says: `status` is Active or Refused, and `answer` is its word.",
        tags,
        body: withExample(
          record(
            {
              stationId,
              idToken: text("The id token that it is for.", 255),
              type: text("The IdTokenEnumType of 2.x.", 20),
              groupId: text("Whoever is of this group may use it, too.", 255),
              evseId: whole("The EVSE, or connector of 1.6; any unless given."),
              connectorType: text("A ConnectorEnumType of 2.x.", 50),
              expiresAt: { ...time, description: "When it ends; in the future." },
              reservationId: { ...reservationId, description: "The reservation of this station that it replaces." },
            },
            ["type", "groupId", "evseId", "connectorType", "reservationId"],
          ),
          { stationId: "CS001", idToken: "RFID123", evseId: 1, expiresAt: "2030-01-01T12:00:00Z" },
        ),
        response: {
          201: {
            description: "The reservation.",
            headers: { Location: string("Where it is.") },
            ...reservationSchema,
          },
        },
      },
    },
    async ({ body, caller }, reply) => {
      const expiresAt = parseTime(body.expiresAt, "expiresAt", "body");
      const row = await services.reservations.reserve({ ...body, expiresAt }, caller?.name ?? "");
      return reply.code(201).header("location", `/api/v1/reservations/${row.id}`).send(reservationJson(row));
    },
  );

  app.delete(
    "/api/v1/reservations/:id",
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
