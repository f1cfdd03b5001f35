import type { FastifyInstance } from "fastify";
import { ApiError } from "./api-error.ts";

/** How deep arrays and objects of a body may be nested. */
const deepest = 64;

function refuse(detail: string): never {
  throw new ApiError(400, detail, { kind: "invalid-json" });
}

const halfPair = "The body has half of a surrogate pair in a text, which is not allowed.";

/** Whether `u` and four digits stand here that write the first (0xd800) or the second (0xdc00) half of a surrogate pair. */
function isSurrogate(text: string, index: number, half: 0xd800 | 0xdc00): boolean {
  return text[index] === "u" && (Number.parseInt(text.slice(index + 1, index + 5), 16) & 0xfc00) === half;
}

/**
 * Looks through a JSON text before it is parsed: refuses one that is nested too deeply, which would exhaust the stack of what walks
 * it, and one with a NUL character, which PostgreSQL cannot store, or half of a surrogate pair, which no UTF-8 can carry.
 * Throws a 400.
 */
export function inspectJson(text: string): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === 0x5c /* \ */) {
        index++;
        if (text.startsWith("u0000", index)) refuse("The body has a NUL character in a text, which is not allowed.");
        if (isSurrogate(text, index, 0xd800)) {
          if (text[index + 5] !== "\\" || !isSurrogate(text, index + 6, 0xdc00)) refuse(halfPair);
          index += 6;
        } else if (isSurrogate(text, index, 0xdc00)) refuse(halfPair);
      } else if (character === 0x22 /* " */) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x5b /* [ */ || character === 0x7b /* { */) {
      depth++;
      if (depth > deepest) refuse(`The body is nested deeper than ${deepest} levels.`);
    } else if (character === 0x5d /* ] */ || character === 0x7d /* } */) depth--;
  }
}

/** Makes the server read JSON bodies, and no others. Keys that would change an object's prototype are refused. */
export function addJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/(?:[\w.-]+\+)?json$/i, { parseAs: "string" }, (request, body, done) => {
    const text = body.toString();
    // Clients name a type also for the body that they leave out.
    if (text === "") {
      done(null, undefined);
      return;
    }
    try {
      inspectJson(text);
    } catch (error) {
      done(error as Error, undefined);
      return;
    }
    void parse(request, text, (error, value: unknown) => {
      if (error === null) done(null, value);
      else
        done(
          new ApiError(400, "The body is not JSON, or has a key that is not allowed.", { kind: "invalid-json" }),
          undefined,
        );
    });
  });
}
