import type { ApiDocument } from "./document.ts";

/** Adds what webhooks post to their receivers: an event, or several in an array. */
export function addDeliveries(document: ApiDocument): void {
  const event = {
    anyOf: [
      { $ref: "#/components/schemas/Event" },
      {
        type: "object",
        title: "LongEvent",
        description: "An event that is longer than `webhooks.maxBody` of the configuration, without its data.",
        required: ["id", "kind", "stationId", "timestamp", "data", "omittedBytes"],
        properties: {
          id: { type: "integer" },
          kind: { type: "string" },
          stationId: { type: ["string", "null"] },
          timestamp: { type: "string", format: "date-time" },
          data: { type: "null" },
          omittedBytes: { type: "integer", minimum: 1 },
        },
      },
    ],
  };
  document["webhooks"] = {
    event: {
      post: {
        operationId: "receiveEvents",
        summary: "Send an event to a webhook, or several where it has a `batch`.",
        description:
          "Signed by the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks). Sent again until it is answered with 2xx.",
        tags: ["webhooks"],
        requestBody: {
          required: true,
          content: { "application/json": { schema: { anyOf: [event, { type: "array", items: event }] } } },
        },
        responses: { "2XX": { description: "It is taken." } },
      },
    },
  };
}
