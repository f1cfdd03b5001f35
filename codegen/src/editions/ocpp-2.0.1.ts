import type { Edition } from "./edition.ts";

/** OCPP 2.0.1. Part 4 asks for an answer to unknown message types (§4.4) and to unreadable ids (§4.2.3). */
export const ocpp201: Edition = {
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
