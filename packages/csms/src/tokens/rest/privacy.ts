import type { Resource } from "../../http/resource.ts";
import { count, record, text, withExample } from "../../shared/schema.ts";

/** The rights of drivers over their data. */
export const privacyResource: Resource = (app, { tokens }) => {
  app.post(
    "/api/v1/privacy/erasures",
    {
      config: { role: "admin" },
      schema: {
        operationId: "eraseToken",
        summary: "Delete a driver's data: it is replaced by a pseudonym everywhere.",
        description:
          "The id token is replaced by a pseudonym wherever it stands, also in messages; energy and times stay. This cannot be undone. Backups and exports made before still have it.",
        tags: ["administration"],
        body: withExample(record({ idToken: text("The id token, or idTag.", 255) }), { idToken: "RFID123" }),
        response: {
          200: {
            description: "What was changed.",
            ...record({
              changed: {
                type: "object",
                description: "How many rows of each table.",
                additionalProperties: count(),
              },
            }),
          },
        },
      },
    },
    async ({ body }) => ({ changed: await tokens.erase(body.idToken) }),
  );
};
