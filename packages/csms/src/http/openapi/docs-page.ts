import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { FastifyInstance } from "fastify";

/** The files of Swagger UI that the page needs; served from the package, so that it works without the Internet. */
const assets: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
};

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OCPP CSMS: REST</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

const script = `SwaggerUIBundle({ url: "openapi.json", dom_id: "#page", deepLinking: true, docExpansion: "none", filter: true, validatorUrl: null, persistAuthorization: false });
`;

/** The page runs its own scripts and calls its own server, and nothing else; Swagger UI writes styles into its elements. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Adds the page that documents REST at `/docs`. Nothing is read before it is asked for. */
export function addDocsPage(app: FastifyInstance): void {
  const resolver = createRequire(import.meta.url);
  const options = { config: { role: "open" }, schema: { hide: true } } as const;
  app.get("/docs", options, (_request, reply) =>
    reply.header("content-security-policy", policy).type("text/html; charset=utf-8").send(html),
  );
  app.get("/docs/", options, (_request, reply) => reply.redirect("../docs"));
  app.get("/docs/start.js", options, (_request, reply) => reply.type("text/javascript; charset=utf-8").send(script));
  for (const [name, type] of Object.entries(assets)) {
    app.get(`/docs/${name}`, options, async (_request, reply) => {
      const file = resolver.resolve(`@fastify/swagger-ui/static/${name}`);
      return reply
        .type(type)
        .header("cache-control", "public, max-age=86400")
        .send(await readFile(file));
    });
  }
}
