import { isoTime, isoTimeOrNull } from "../../shared/iso-time.ts";
import {
  choice,
  list,
  nullable,
  record,
  rowId,
  type Static,
  string,
  text,
  time,
  withExample,
} from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { ApiKeyRow } from "../../store/tables/http.ts";
import { fieldError } from "../api-error.ts";
import type { Resource } from "../resource.ts";
import { parseTime } from "../times.ts";

const tags: string[] = ["administration"];
const roles: readonly ApiKeyRow["role"][] = ["viewer", "operator", "admin"];

const fields = {
  id: rowId,
  name: string(),
  role: choice("What it may do.", roles),
  prefix: string("The first characters of the key."),
  expiresAt: nullable(time),
  revokedAt: nullable(time),
  lastUsedAt: nullable(time),
  createdAt: time,
} as const;
const keySchema = record(fields);

function keyJson(row: ApiKeyRow): Static<typeof keySchema> {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    prefix: row.prefix,
    expiresAt: isoTimeOrNull(row.expires_at),
    revokedAt: isoTimeOrNull(row.revoked_at),
    lastUsedAt: isoTimeOrNull(row.last_used_at),
    createdAt: isoTime(row.created_at),
  };
}

/** The keys to this interface. */
export const keysResource: Resource = (app, { apiKeys, clock }) => {
  app.get(
    "/api/v1/keys",
    {
      config: { role: "admin" },
      schema: {
        operationId: "listKeys",
        summary: "List API keys.",
        tags,
        response: { 200: { description: "The keys, without what opens the door.", ...list(keySchema) } },
      },
    },
    async () => (await apiKeys.list()).map(keyJson),
  );

  app.post(
    "/api/v1/keys",
    {
      config: { role: "admin" },
      schema: {
        operationId: "addKey",
        summary: "Create an API key.",
        description:
          "The answer has the key itself, which is told only here. With the first key, requests without one are refused.",
        tags,
        body: withExample(
          record(
            {
              name: text("Who uses it; it stands in the audit log.", 100),
              role: choice("What it may do.", roles),
              expiresAt: nullable({ ...time, description: "Until when; null, or left out, for ever." }),
            },
            ["expiresAt"],
          ),
          { name: "dashboard", role: "viewer" },
        ),
        response: {
          201: {
            description: "The key.",
            ...record({ ...fields, key: string("The key itself.") }),
          },
        },
      },
    },
    async ({ body }, reply) => {
      const expiresAt = typeof body.expiresAt === "string" ? parseTime(body.expiresAt, "expiresAt", "body") : undefined;
      if (expiresAt !== undefined && expiresAt <= clock.now())
        throw fieldError("body", "expiresAt", "must be in the future");
      const { row, key } = await apiKeys.add(body.name, body.role, expiresAt);
      return reply.code(201).send({ ...keyJson(row), key });
    },
  );

  app.delete(
    "/api/v1/keys/:id",
    {
      config: { role: "admin" },
      schema: {
        operationId: "revokeKey",
        summary: "Delete an API key: it is revoked at once.",
        tags,
        params: record({ id: rowId }),
        response: { 204: { description: "It opens nothing any more.", type: "null" } },
      },
    },
    async ({ params }, reply) => {
      if (!(await apiKeys.revoke(params.id))) throw new NotFoundError(`There is no key ${params.id} in force.`);
      return reply.code(204).send();
    },
  );
};
