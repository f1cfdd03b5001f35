import { createRequire } from "node:module";
import type { FastifyInstance, RouteOptions } from "fastify";
import type { Configuration } from "../../config/configuration.ts";
import { addDeliveries } from "./deliveries.ts";
import { addDocsPage } from "./docs-page.ts";
import { createDocument } from "./document.ts";

declare module "fastify" {
  interface FastifySchema {
    operationId?: string;
    summary?: string;
    description?: string;
    tags?: readonly string[];
    deprecated?: boolean;
    /** True where the route is not to be documented. */
    hide?: boolean;
  }
}

/**
 * Adds `/openapi.json`, the OpenAPI 3.1 document of all routes that are added afterwards, and the page `/docs`. The document
 * is made when it is first asked for: it holds the official schemas of OCPP, which take a moment to read.
 */
export function addOpenApi(app: FastifyInstance, { api }: Configuration): void {
  const routes: RouteOptions[] = [];
  app.addHook("onRoute", (route) => {
    routes.push(route);
  });
  const make = async (): Promise<string> => {
    const { version } = createRequire(import.meta.url)("../../../package.json") as { version: string };
    const { addCalls } = await import("./calls.ts");
    const document = createDocument(routes, app.getSchemas(), version);
    await addCalls(document);
    addDeliveries(document);
    return JSON.stringify(document);
  };
  let made: Promise<string> | undefined;
  app.get(
    "/openapi.json",
    {
      config: { role: "open" },
      schema: {
        operationId: "getOpenApi",
        summary: "Get this document.",
        tags: ["operation"],
        response: { 200: { description: "An OpenAPI 3.1 document.", type: "object" } },
      },
    },
    async (_request, reply) => {
      made ??= make();
      return reply.type("application/json; charset=utf-8").send(await made);
    },
  );
  if (api.docs) addDocsPage(app);
}
