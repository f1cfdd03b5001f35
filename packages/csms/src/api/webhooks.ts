import { NotFoundError } from "../services/service-error.ts";
import type { WebhookSettings } from "../services/webhooks.ts";
import type { DeliveryRow, WebhookRow } from "../store/tables.ts";
import { fieldError } from "./api-error.ts";
import { linkHeader, type PageOrder, pageParameters } from "./page.ts";
import type { ApiServices, Resource } from "./resource.ts";
import { type Condition, scanNote, scanPage } from "./scan-page.ts";
import { choice, list, nullable, parameters, record, rowId, type Schema, stationId, text, time } from "./schema.ts";
import { isoTime } from "./times.ts";
import { storedJson } from "./transactions-json.ts";

const tags: string[] = ["webhooks"];
const byId = parameters({ id: rowId }, ["id"]);
const deliveryOrder: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };
const deadOrder: PageOrder = { sorts: { dueAt: { column: "next_at" } }, sort: "dueAt", order: "desc", id: "id" };
const statuses: readonly DeliveryRow["status"][] = ["pending", "delivered", "dead"];

interface ById {
  readonly Params: { readonly id: number };
}

interface WebhookBody {
  readonly url: string;
  readonly kinds?: readonly string[] | null;
  readonly chargePointIds?: readonly string[] | null;
  readonly active?: boolean;
}

function webhookJson(row: WebhookRow): Record<string, unknown> {
  return {
    id: row.id,
    url: row.url,
    kinds: storedJson(row.kinds),
    chargePointIds: storedJson(row.stations),
    active: row.active === 1,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

function deliveryJson(row: DeliveryRow): Record<string, unknown> {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    eventId: row.event_id,
    status: row.status,
    attempts: row.attempts,
    dueAt: isoTime(row.next_at),
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

const settings: Readonly<Record<string, Schema>> = {
  url: { ...text("Where events are posted: http or https.", 2000), format: "uri" },
  kinds: nullable({
    ...list(
      { type: "string", pattern: "^[a-z]+(\\.[a-z-]+)?$", maxLength: 50 },
      "Kinds of events, or families of them; null for all.",
    ),
    maxItems: 50,
  }),
  chargePointIds: nullable({ ...list(stationId, "Whose events; null for all stations."), maxItems: 1000 }),
  active: { type: "boolean", description: "Whether it is told of events; true unless given." },
};

const fields: Readonly<Record<string, Schema>> = { id: rowId, ...settings, createdAt: time, updatedAt: time };

const deliverySchema = record({
  id: rowId,
  webhookId: rowId,
  eventId: rowId,
  status: choice("Whether it is on its way, there, or given up.", statuses),
  attempts: { type: "integer", minimum: 0 },
  dueAt: { ...time, description: "When it is tried next; of those given up, when it would have been." },
  lastStatus: nullable({ type: "integer", description: "The HTTP status of the last attempt." }),
  lastError: nullable({ type: "string" }),
  createdAt: time,
  updatedAt: time,
});

function checkedUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) {
    throw fieldError("body", "url", "must be an address that begins with http:// or https://");
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw fieldError(
      "body",
      "url",
      "must not hold a user name or password, which would be shown to whoever lists webhooks",
    );
  }
  return url;
}

function settingsOf({ url, chargePointIds, ...rest }: Partial<WebhookBody>): Partial<WebhookSettings> {
  return {
    ...rest,
    ...(url === undefined ? {} : { url: checkedUrl(url) }),
    ...(chargePointIds === undefined ? {} : { stations: chargePointIds }),
  };
}

async function wanted({ webhooks }: ApiServices, id: number): Promise<WebhookRow> {
  const row = await webhooks.get(id);
  if (row === undefined) throw new NotFoundError(`There is no webhook ${id}.`);
  return row;
}

/** The webhooks, and what became of their deliveries. */
export const webhooksResource: Resource = (app, services) => {
  const { store } = services;

  app.get(
    "/api/webhooks",
    {
      config: { role: "admin" },
      schema: {
        operationId: "listWebhooks",
        summary: "Lists webhooks.",
        tags,
        response: { 200: { description: "The webhooks, without their secrets.", ...list(record(fields)) } },
      },
    },
    async () => (await services.webhooks.list()).map(webhookJson),
  );

  app.post<{ Body: WebhookBody }>(
    "/api/webhooks",
    {
      config: { role: "admin" },
      schema: {
        operationId: "addWebhook",
        summary: "Adds a webhook.",
        description: "The answer has the secret that deliveries are signed with. It is told only here.",
        tags,
        body: record(settings, ["kinds", "chargePointIds", "active"]),
        response: {
          201: {
            description: "The webhook, and its secret.",
            headers: { Location: { type: "string", description: "Where it is." } },
            ...record({ ...fields, secret: { type: "string", description: "To check signatures by." } }),
          },
        },
      },
    },
    async ({ body }, reply) => {
      const { row, secret } = await services.webhooks.add({ ...settingsOf(body), url: checkedUrl(body.url) });
      return reply
        .code(201)
        .header("location", `/api/webhooks/${row.id}`)
        .send({ ...webhookJson(row), secret });
    },
  );

  app.get<ById>(
    "/api/webhooks/:id",
    {
      config: { role: "admin" },
      schema: {
        operationId: "getWebhook",
        summary: "Shows one webhook.",
        tags,
        params: byId,
        response: { 200: { description: "The webhook, without its secret.", ...record(fields) } },
      },
    },
    async ({ params }) => webhookJson(await wanted(services, params.id)),
  );

  app.patch<ById & { Body: Partial<WebhookBody> }>(
    "/api/webhooks/:id",
    {
      config: { role: "admin" },
      schema: {
        operationId: "changeWebhook",
        summary: "Changes a webhook.",
        description: "What is left out stays.",
        tags,
        params: byId,
        body: record(settings, Object.keys(settings)),
        response: { 200: { description: "The webhook as it is now.", ...record(fields) } },
      },
    },
    async ({ params, body }) => webhookJson(await services.webhooks.change(params.id, settingsOf(body))),
  );

  app.delete<ById>(
    "/api/webhooks/:id",
    {
      config: { role: "admin" },
      schema: {
        operationId: "removeWebhook",
        summary: "Removes a webhook.",
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

  app.get<ById & { Querystring: { readonly status?: DeliveryRow["status"] } }>(
    "/api/webhooks/:id/deliveries",
    {
      config: { role: "admin" },
      schema: {
        operationId: "listWebhookDeliveries",
        summary: "Lists the deliveries of a webhook.",
        description: `The newest first. ${scanNote}`,
        tags,
        params: byId,
        querystring: parameters({
          status: choice("Only those that stand so.", statuses),
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
    "/api/dead-letters",
    {
      config: { role: "admin" },
      schema: {
        operationId: "listDeadLetters",
        summary: "Lists the deliveries that were given up.",
        tags,
        querystring: parameters(pageParameters(deadOrder)),
        response: { 200: { description: "The dead letters.", headers: linkHeader, ...list(deliverySchema) } },
      },
    },
    async (request, reply) => {
      const lead: Condition<"deliveries">[] = [(where) => where("status", "=", "dead")];
      const rows = await scanPage(request, reply, store, { table: "deliveries", pages: deadOrder, lead, rest: [] });
      return rows.map(deliveryJson);
    },
  );

  app.post<ById>(
    "/api/dead-letters/:id/retry",
    {
      config: { role: "admin" },
      schema: {
        operationId: "retryDeadLetter",
        summary: "Puts a dead letter back on its way.",
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
