import type { Edition } from "./edition.ts";

/** OCPP 2.1. Part 4 adds CALLRESULTERROR (5) and SEND (6) and has unknown message types ignored (§4.1.3). */
export const ocpp21: Edition = {
  version: "2.1",
  name: "v21",
  subprotocol: "ocpp2.1",
  messageTypes: [2, 3, 4, 5, 6],
  unknownMessageType: "ignore",
  unreadableMessageId: "answer",
  spellings: {},
  inlineNames: {},
  sentences: {},
  fieldSentences: {},
  errata: [],
};
