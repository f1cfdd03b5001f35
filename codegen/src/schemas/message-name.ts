import type { Digests } from "./digests.ts";

/**
 * The name a message has in this repository, from the name that a file or an id gives it: `Authorize.json` of the 1.6
 * archive, `Authorize.req`, `Authorize.conf` and `AuthorizeRequest` all end in `Request` or `Response` here. A name that
 * the digests know stays as it is, which serves `NotifyPeriodicEventStream`, the one message without an answer.
 * Undefined if the name cannot be that of a message.
 */
export function messageName(name: string, known: Digests): string | undefined {
  const base = name.replace(/\.json$/, "");
  if (Object.hasOwn(known, base)) return base;
  const match = /^([A-Za-z][A-Za-z0-9]*?)(Request|\.req|Response|\.conf)?$/.exec(base);
  if (match?.[1] === undefined) return undefined;
  return match[1] + (match[2] === "Response" || match[2] === ".conf" ? "Response" : "Request");
}
