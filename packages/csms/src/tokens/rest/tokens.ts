import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, holds, scanNote } from "../../http/scan-page.ts";
import {
  choice,
  list,
  nullable,
  parameters,
  record,
  type Schema,
  stationId,
  text,
  time,
  whole,
  withExample,
} from "../../http/schema.ts";
import { sendPage } from "../../http/send-page.ts";
import { isoTimeOrNull, parseTime } from "../../http/times.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { TokenRow } from "../../store/tables/tokens.ts";
import type { TokenSettings } from "../row.ts";
import { tokenJson, tokenSchema, tokenSettings, tokenStatuses } from "./token-json.ts";

const tags: string[] = ["tokens"];
const byToken: Schema = parameters({ token: text("The id token, or idTag; in any case.", 255) }, ["token"]);

/** What tokens can be sorted by: when they were made. */
export const tokenOrder: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

interface ByToken {
  readonly Params: { readonly token: string };
}

interface TokenQuery {
  readonly status?: TokenRow["status"];
  readonly groupId?: string;
  readonly text?: string;
}

interface Place {
  readonly chargePointId: string;
  readonly evseId?: number;
  readonly connectorId?: number;
}

interface TokenBody {
  readonly type?: string | null;
  readonly status?: TokenRow["status"];
  readonly expiresAt?: string | null;
  readonly groupId?: string | null;
  readonly maxActive?: number | null;
  readonly restrictedTo?: readonly Place[] | null;
  readonly note?: string | null;
}

interface Question {
  readonly chargePointId: string;
  readonly type?: string;
  readonly evseId?: number;
  readonly connectorId?: number;
  readonly starting?: boolean;
}

function settingsOf({ expiresAt, restrictedTo, ...rest }: TokenBody): TokenSettings {
  return {
    ...rest,
    ...(expiresAt === undefined
      ? {}
      : { expiresAt: expiresAt === null ? null : parseTime(expiresAt, "expiresAt", "body") }),
    ...(restrictedTo === undefined
      ? {}
      : {
          restrictedTo:
            restrictedTo?.map(({ chargePointId, ...where }) => ({ stationId: chargePointId, ...where })) ?? null,
        }),
  };
}

/** What a token is where nobody says anything else. */
const defaults: TokenBody = {
  type: null,
  status: "Accepted",
  expiresAt: null,
  groupId: null,
  maxActive: null,
  restrictedTo: null,
  note: null,
};

const optional = Object.keys(tokenSettings);

/** The id tokens. */
export const tokensResource: Resource = (app, services) => {
  const { store } = services;

  app.get<{ Querystring: TokenQuery }>(
    "/api/tokens",
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
      return sendPage(
        request,
        reply,
        store,
        { table: "tokens", pages: tokenOrder, lead: [], rest },
        { row: tokenJson },
      );
    },
  );

  app.get<ByToken>(
    "/api/tokens/:token",
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
      const row = await services.tokens.get(params.token);
      if (row === undefined) throw new NotFoundError("There is no such token.");
      return tokenJson(row);
    },
  );

  app.put<ByToken & { Body: TokenBody }>(
    "/api/tokens/:token",
    {
      config: { role: "operator" },
      schema: {
        operationId: "putToken",
        summary: "Create an id token, or replace it.",
        description: "What is left out gets its default: Accepted, and no limits.",
        tags,
        params: byToken,
        body: withExample(record(tokenSettings, optional), {
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
      const { row, created } = await services.tokens.put(params.token, settingsOf({ ...defaults, ...body }));
      return reply.code(created ? 201 : 200).send(tokenJson(row));
    },
  );

  app.patch<ByToken & { Body: TokenBody }>(
    "/api/tokens/:token",
    {
      config: { role: "operator" },
      schema: {
        operationId: "changeToken",
        summary: "Update an id token.",
        description: "What is left out stays.",
        tags,
        params: byToken,
        body: withExample(record(tokenSettings, optional), { status: "Blocked", note: "Lost" }),
        response: { 200: { description: "The token as it is now.", ...tokenSchema } },
      },
    },
    async ({ params, body }) => {
      if ((await services.tokens.get(params.token)) === undefined) throw new NotFoundError("There is no such token.");
      return tokenJson((await services.tokens.put(params.token, settingsOf(body))).row);
    },
  );

  app.delete<ByToken>(
    "/api/tokens/:token",
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
      if (!(await services.tokens.remove(params.token))) throw new NotFoundError("There is no such token.");
      return reply.code(204).send();
    },
  );

  app.post<ByToken & { Body: Question }>(
    "/api/tokens/:token/authorize",
    {
      config: { role: "operator" },
      schema: {
        operationId: "authorizeToken",
        summary: "Get what an id token is worth at a station.",
        description: "The answer that the station would get. The station is not told.",
        tags,
        params: byToken,
        body: withExample(
          record(
            {
              chargePointId: stationId,
              type: text("The IdTokenEnumType of 2.x.", 20),
              evseId: whole("Where on the station."),
              connectorId: whole("Where on the station."),
              starting: {
                type: "boolean",
                description: "Whether a transaction is to start, so that its limit counts; false unless given.",
              },
            },
            ["type", "evseId", "connectorId", "starting"],
          ),
          { chargePointId: "CS001", evseId: 1, starting: true },
        ),
        response: {
          200: {
            description: "What it is worth.",
            ...record({
              status: { type: "string", description: "An AuthorizationStatusEnumType of 2.0.1." },
              groupId: nullable({ type: "string" }),
              expiresAt: nullable(time),
            }),
          },
        },
      },
    },
    async ({ params, body }) => {
      const { chargePointId, starting = false, ...where } = body;
      const { status, groupId, expiresAt } = await services.tokens.authorize({
        stationId: chargePointId,
        token: params.token,
        starting,
        ...where,
      });
      return { status, groupId: groupId ?? null, expiresAt: isoTimeOrNull(expiresAt ?? null) };
    },
  );
};
