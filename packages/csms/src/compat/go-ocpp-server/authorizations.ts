import { linkHeader, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { sendPage } from "../../http/send-page.ts";
import { parseTime } from "../../http/times.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  choice,
  list,
  parameters,
  record,
  rowId,
  type Static,
  string,
  text,
  time,
  withExample,
} from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { TokenRow } from "../../store/tables/tokens.ts";
import { tokenStatuses } from "../../tokens/rest/token-json.ts";
import { tokenOrder } from "../../tokens/rest/tokens.ts";

const tags: string[] = ["go-ocpp-server"];

function authorizationJson(row: TokenRow): Static<typeof authorizationSchema> {
  return {
    id: row.id,
    idTag: row.token,
    status: row.status,
    ...(row.expires_at === null ? {} : { expiryDate: isoTime(row.expires_at) }),
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

const authorizationSchema = record(
  {
    id: rowId,
    idTag: string(),
    status: choice("Whether it is good.", tokenStatuses),
    expiryDate: time,
    createdAt: time,
    updatedAt: time,
  },
  ["expiryDate"],
);

/** The id tokens as go-ocpp-server has them; `/api/v1/tokens` has all of them. */
export const authorizationsResource: Resource = (app, { store, tokens }) => {
  app.get(
    "/api/authorizations",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listAuthorizations",
        summary: "List idTags, or get one.",
        tags,
        querystring: parameters({ idTag: text("Show this one.", 255), ...pageParameters(tokenOrder) }),
        response: {
          200: {
            description: "The idTags; with `idTag`, that one.",
            headers: linkHeader,
            oneOf: [list(authorizationSchema), authorizationSchema],
          },
        },
      },
    },
    async (request, reply) => {
      const { idTag } = request.query;
      if (idTag !== undefined) {
        const row = await tokens.get(idTag);
        if (row === undefined) throw new NotFoundError("There is no such idTag.");
        return authorizationJson(row);
      }
      return sendPage(
        request,
        reply,
        store,
        { table: "tokens", pages: tokenOrder, lead: [], rest: [] },
        authorizationJson,
      );
    },
  );

  app.post(
    "/api/authorizations",
    {
      config: { role: "operator" },
      schema: {
        operationId: "putAuthorization",
        summary: "Create or update an idTag.",
        tags,
        body: withExample(
          record(
            {
              idTag: text("The idTag.", 255),
              status: choice("Accepted unless given.", tokenStatuses),
              expiryDate: { ...time, description: "From when on it is Expired; never unless given." },
            },
            ["status", "expiryDate"],
          ),
          { idTag: "RFID123", status: "Accepted" },
        ),
        response: { 201: { description: "The idTag.", ...authorizationSchema } },
      },
    },
    async ({ body }, reply) => {
      const { idTag, status = "Accepted", expiryDate } = body;
      const expiresAt = expiryDate === undefined ? null : parseTime(expiryDate, "expiryDate", "body");
      const { row } = await tokens.put(idTag, { status, expiresAt });
      return reply.code(201).send(authorizationJson(row));
    },
  );

  app.delete(
    "/api/authorizations",
    {
      config: { role: "operator" },
      schema: {
        operationId: "removeAuthorization",
        summary: "Delete an idTag.",
        description: "Answers alike where there is none; `DELETE /api/v1/tokens/{idToken}` tells the difference.",
        tags,
        querystring: parameters({ idTag: text("The idTag.", 255) }, ["idTag"]),
        response: { 204: { description: "It is removed.", type: "null" } },
      },
    },
    async ({ query }, reply) => {
      await tokens.remove(query.idTag);
      return reply.code(204).send();
    },
  );
};
