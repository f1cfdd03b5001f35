import { type SqlBool, sql } from "kysely";
import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { ApiServices, Resource } from "../../http/resource.ts";
import { type Condition, scanNote, scanPage } from "../../http/scan-page.ts";
import { choice, list, parameters, record, rowId, type Static, string, withExample } from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { WebhookRow } from "../../store/tables/webhooks.ts";
import type { WebhookSettings } from "../target.ts";
import {
  deliveryJson,
  deliverySchema,
  deliveryStatuses,
  type WebhookJson,
  webhookFields,
  webhookJson,
  webhookSchema,
  webhookSettings,
} from "./webhook-json.ts";

const tags: string[] = ["webhooks"];
const byId = record({ id: rowId });
const deliveryOrder: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };
const deadOrder: PageOrder = { sorts: { dueAt: { column: "next_at" } }, sort: "dueAt", order: "desc", id: "id" };
/** The condition of the index of what was given up; written out, since SQLite takes an index for no parameter. */
const isGivenUp = sql<SqlBool>`status in ('dead', 'dropped')`;

const newWebhook = record(webhookSettings, ["kinds", "stationIds", "active", "batch"]);
const changes = parameters(webhookSettings);

function settingsOf<Body extends Static<typeof changes>>({
  stationIds,
  ...rest
}: Body): Omit<Body, "stationIds"> & Pick<WebhookSettings, "stations"> {
  return { ...rest, ...(stationIds === undefined ? {} : { stations: stationIds }) };
}

async function wanted({ webhooks }: ApiServices, id: number): Promise<WebhookRow> {
  const row = await webhooks.get(id);
  if (row === undefined) throw new NotFoundError(`There is no webhook ${id}.`);
  return row;
}

/** The webhooks, and what became of their deliveries. */
export const webhooksResource: Resource = (app, services) => {
  const { store } = services;
  const shown = (row: WebhookRow): WebhookJson => webhookJson(row, services.webhooks.waiting(row.id));

  app.get(
    "/api/v1/webhooks",
    {
      config: { role: "admin" },
      schema: {
        operationId: "listWebhooks",
        summary: "List webhooks.",
        tags,
        response: { 200: { description: "The webhooks, without their secrets.", ...list(webhookSchema) } },
      },
    },
    async () => (await services.webhooks.list()).map(shown),
  );

  app.post(
    "/api/v1/webhooks",
    {
      config: { role: "admin" },
      schema: {
        operationId: "addWebhook",
        summary: "Create a webhook.",
        description: "The answer has the secret that deliveries are signed with. It is returned only here.",
        tags,
        body: withExample(newWebhook, {
          url: "https://example.com/ocpp",
          kinds: ["transaction", "connector.status"],
        }),
        response: {
          201: {
            description: "The webhook, and its secret.",
            headers: { Location: string("Where it is.") },
            ...record({ ...webhookFields, secret: string("To check signatures by.") }),
          },
        },
      },
    },
    async ({ body }, reply) => {
      const { row, secret } = await services.webhooks.add(settingsOf(body));
      return reply
        .code(201)
        .header("location", `/api/v1/webhooks/${row.id}`)
        .send({ ...shown(row), secret });
    },
  );

  app.get(
    "/api/v1/webhooks/:id",
    {
      config: { role: "admin" },
      schema: {
        operationId: "getWebhook",
        summary: "Get a webhook.",
        tags,
        params: byId,
        response: { 200: { description: "The webhook, without its secret.", ...webhookSchema } },
      },
    },
    async ({ params }) => shown(await wanted(services, params.id)),
  );

  app.patch(
    "/api/v1/webhooks/:id",
    {
      config: { role: "admin" },
      schema: {
        operationId: "changeWebhook",
        summary: "Update a webhook.",
        description: "What is left out stays.",
        tags,
        params: byId,
        body: withExample(changes, { active: false }),
        response: { 200: { description: "The webhook as it is now.", ...webhookSchema } },
      },
    },
    async ({ params, body }) => shown(await services.webhooks.change(params.id, settingsOf(body))),
  );

  app.delete(
    "/api/v1/webhooks/:id",
    {
      config: { role: "admin" },
      schema: {
        operationId: "removeWebhook",
        summary: "Delete a webhook.",
        tags,
        params: byId,
        response: { 204: { description: "It is removed.", type: "null" } },
      },
    },
    async ({ params }, reply) => {
      if (!(await services.webhooks.remove(params.id))) throw new NotFoundError(`There is no webhook ${params.id}.`);
      return reply.code(204).send();
    },
  );

  app.get(
    "/api/v1/webhooks/:id/deliveries",
    {
      config: { role: "admin" },
      schema: {
        operationId: "listWebhookDeliveries",
        summary: "List the deliveries of a webhook.",
        description: `The newest first. ${scanNote}`,
        tags,
        params: byId,
        querystring: parameters({
          status: choice("Only those that stand so.", deliveryStatuses),
          ...pageParameters(deliveryOrder),
        }),
        response: { 200: { description: "The deliveries.", headers: linkHeader, ...list(deliverySchema) } },
      },
    },
    async (request, reply) => {
      const { id } = await wanted(services, request.params.id);
      const { status } = request.query;
      const rest: Condition<"deliveries">[] = [];
      if (status !== undefined) rest.push((where) => where("status", "=", status));
      const lead: Condition<"deliveries">[] = [(where) => where("webhook_id", "=", id)];
      const rows = await scanPage(request, reply, store, { table: "deliveries", pages: deliveryOrder, lead, rest });
      return rows.map(deliveryJson);
    },
  );

  app.get(
    "/api/v1/dead-letters",
    {
      config: { role: "admin" },
      schema: {
        operationId: "listDeadLetters",
        summary: "List the deliveries that were given up, dead or dropped.",
        tags,
        querystring: parameters(pageParameters(deadOrder)),
        response: { 200: { description: "The dead letters.", headers: linkHeader, ...list(deliverySchema) } },
      },
    },
    async (request, reply) => {
      const lead: Condition<"deliveries">[] = [() => isGivenUp];
      const rows = await scanPage(request, reply, store, { table: "deliveries", pages: deadOrder, lead, rest: [] });
      return rows.map(deliveryJson);
    },
  );

  app.post(
    "/api/v1/dead-letters/:id/retry",
    {
      config: { role: "admin" },
      schema: {
        operationId: "retryDeadLetter",
        summary: "Send a dead letter again.",
        description: "Dead or dropped. It is sent at once, whatever waits for its station.",
        tags,
        params: byId,
        response: { 200: { description: "The delivery as it stands now.", ...deliverySchema } },
      },
    },
    async ({ params }) => {
      const again = await services.webhooks.retry(params.id);
      const row = again ? await services.webhooks.delivery(params.id) : undefined;
      if (row === undefined) throw new NotFoundError(`There is no dead letter ${params.id}.`);
      return deliveryJson(row);
    },
  );
};
