import type { Edition } from "../editions/edition.ts";
import { type ActionFact, type Source } from "../read/source.ts";

/** An edition as plain as can be, for tests. */
export const plainEdition: Edition = {
  version: "2.0.1",
  name: "v201",
  subprotocol: "ocpp2.0.1",
  messageTypes: [2, 3, 4],
  unknownMessageType: "answer",
  unreadableMessageId: "answer",
  spellings: {},
  inlineNames: {},
  sentences: {},
  fieldSentences: {},
  errata: [],
};

/** The schema of a message with some properties and definitions, as text. */
export function messageText(properties: object = {}, definitions?: object): string {
  return JSON.stringify({
    type: "object",
    additionalProperties: false,
    properties,
    ...(definitions && { definitions }),
  });
}

/** A source with a request and a response for the action `A`, unless told otherwise. */
export function sourceOf(
  schemas: { readonly [message: string]: string },
  edition: Edition = plainEdition,
  actions: readonly ActionFact[] = [{ action: "A", from: "station", block: "Core", letter: undefined, send: false }],
): Source {
  return { edition, folder: "schemas/test", schemas: new Map(Object.entries(schemas)), actions };
}
