import { expect, it } from "vitest";
import { messageName } from "./message-name.ts";

it.each([
  ["Authorize.json", "AuthorizeRequest"],
  ["AuthorizeResponse.json", "AuthorizeResponse"],
  ["AuthorizeRequest.json", "AuthorizeRequest"],
  ["Authorize.req", "AuthorizeRequest"],
  ["Authorize.conf", "AuthorizeResponse"],
  ["NotifyPeriodicEventStream.json", "NotifyPeriodicEventStream"],
  ["Get15118EVCertificateRequest", "Get15118EVCertificateRequest"],
])("%s is the message %s", (name, message) => {
  expect(messageName(name, { NotifyPeriodicEventStream: "x" })).toBe(message);
});

it.each(["read me.json", "../etc.json", "", "__proto__.json"])("%j is no message", (name) => {
  expect(messageName(name, {})).toBeUndefined();
});
