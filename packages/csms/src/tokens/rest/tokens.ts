import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, holds, scanNote } from "../../http/scan-page.ts";
import { sendPage } from "../../http/send-page.ts";
import { parseTime } from "../../http/times.ts";
import { isoTimeOrNull } from "../../shared/iso-time.ts";
import {
  boolean,
  choice,
  list,
  nullable,
  parameters,
  record,
  type Static,
  stationId,
  string,
  text,
  time,
  whole,
  withExample,
} from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { TokenSettings } from "../row.ts";
import { tokenJson, tokenSchema, tokenSettings, tokenStatuses } from "./token-json.ts";

const tags: string[] = ["tokens"];
const byToken = record({ idToken: text("The id token, or idTag; in any case.", 255) });

/** What tokens can be sorted by: when they were made. */
export const tokenOrder: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

const bodySchema = parameters(tokenSettings);

function settingsOf({ expiresAt, ...rest }: Static<typeof bodySchema>): TokenSettings {
  if (expiresAt === undefined) return rest;
  return { ...rest, expiresAt: expiresAt === null ? null : parseTime(expiresAt, "expiresAt", "body") };
}

/** What a token is where nothing else is specified. */
const defaults: Required<Static<typeof bodySchema>> = {
  type: null,
  status: "Accepted",
  expiresAt: null,
  groupId: null,
  maxActive: null,
  restrictedTo: null,
  note: null,
};

/** The id tokens. */
export const tokensResource: Resource = (app, services) => {
  const { store } = services;

  app.get(
    "/api/v1/tokens",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listTokens",
        summary: "List id tokens.",
        description: `The newest first. ${scanNote}`,
        tags,
        querystring: parameters({
          status: choice("Only those with this status.", tokenStatuses),
          groupId: text("Only those of this group.", 255),
          text: text("Only those with this text in the token or the note.", 200),
          ...pageParameters(tokenOrder),
        }),
        response: { 200: { description: "The tokens.", headers: linkHeader, ...list(tokenSchema) } },
      },
    },
    async (request, reply) => {
      const { status, groupId, text: wanted } = request.query;
      const rest: Condition<"tokens">[] = [];
      if (status !== undefined) rest.push((where) => where("status", "=", status));
      if (groupId !== undefined) rest.push((where) => where("group_id", "=", groupId));
      if (wanted !== undefined) {
        const inToken = holds<"tokens">("token", wanted);
        const inNote = holds<"tokens">("note", wanted);
        rest.push((where) => where.or([inToken(where), inNote(where)]));
      }
      return sendPage(request, reply, store, { table: "tokens", pages: tokenOrder, lead: [], rest }, tokenJson);
    },
  );

  app.get(
    "/api/v1/tokens/:idToken",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getToken",
        summary: "Get an id token.",
        tags,
        params: byToken,
        response: { 200: { description: "The token.", ...tokenSchema } },
      },
    },
    async ({ params }) => {
      const row = await services.tokens.get(params.idToken);
      if (row === undefined) throw new NotFoundError("There is no such token.");
      return tokenJson(row);
    },
  );

  app.put(
    "/api/v1/tokens/:idToken",
    {
      config: { role: "operator" },
      schema: {
        operationId: "putToken",
        summary: "Create an id token, or replace it.",
        description: "What is left out gets its default: Accepted, and no limits.",
        tags,
        params: byToken,
        body: withExample(bodySchema, {
          type: "ISO14443",
          groupId: "FLEET-1",
          note: "Spare card",
        }),
        response: {
          200: { description: "The token, which was there before.", ...tokenSchema },
          201: { description: "The token, which is new.", ...tokenSchema },
        },
      },
    },
    async ({ params, body }, reply) => {
      const { row, created } = await services.tokens.put(params.idToken, settingsOf({ ...defaults, ...body }));
      return reply.code(created ? 201 : 200).send(tokenJson(row));
    },
  );

  app.patch(
    "/api/v1/tokens/:idToken",
    {
      config: { role: "operator" },
      schema: {
        operationId: "changeToken",
        summary: "Update an id token.",
        description: "What is left out stays.",
        tags,
        params: byToken,
        body: withExample(bodySchema, { status: "Blocked", note: "Lost" }),
        response: { 200: { description: "The token as it is now.", ...tokenSchema } },
      },
    },
    async ({ params, body }) => {
      if ((await services.tokens.get(params.idToken)) === undefined) throw new NotFoundError("There is no such token.");
      return tokenJson((await services.tokens.put(params.idToken, settingsOf(body))).row);
    },
  );

  app.delete(
    "/api/v1/tokens/:idToken",
    {
      config: { role: "operator" },
      schema: {
        operationId: "removeToken",
        summary: "Delete an id token.",
        description: "Transactions keep it. To take a driver's data out of everything, use the erasures.",
        tags,
        params: byToken,
        response: { 204: { description: "It is removed.", type: "null" } },
      },
    },
    async ({ params }, reply) => {
      if (!(await services.tokens.remove(params.idToken))) throw new NotFoundError("There is no such token.");
      return reply.code(204).send();
    },
  );

  app.post(
    "/api/v1/tokens/:idToken/authorize",
    {
      config: { role: "operator" },
      schema: {
        operationId: "authorizeToken",
        summary: "Get what an id token is worth at a station.",
        description: "The answer that the station would get. The station is not notified.",
        tags,
        params: byToken,
        body: withExample(
          record(
            {
              stationId,
              type: text("The IdTokenEnumType of 2.x.", 20),
              evseId: whole("Where on the station."),
              connectorId: whole("Where on the station."),
              starting: boolean("Whether a transaction is to start, so that its limit counts; false unless given."),
            },
            ["type", "evseId", "connectorId", "starting"],
          ),
          { stationId: "CS001", evseId: 1, starting: true },
        ),
        response: {
          200: {
            description: "What it is worth.",
            ...record({
              status: string("An AuthorizationStatusEnumType of 2.0.1."),
              groupId: nullable(string()),
              expiresAt: nullable(time),
            }),
          },
        },
      },
    },
    async ({ params, body }) => {
      const { stationId, starting = false, ...where } = body;
      const { status, groupId, expiresAt } = await services.tokens.authorize({
        stationId,
        token: params.idToken,
        starting,
        ...where,
      });
      return { status, groupId: groupId ?? null, expiresAt: isoTimeOrNull(expiresAt ?? null) };
    },
  );
};
