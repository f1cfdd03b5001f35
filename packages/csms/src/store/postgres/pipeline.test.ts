import { PassThrough } from "node:stream";
import { Connection } from "pg";
import { expect, it } from "vitest";

/*
 * The pipeline sends a whole commit in one round trip, by methods of pg's connection that its types do not show. pg is pinned
 * exactly; this holds what is relied on, so that an update that changes it is noticed here and not in a database.
 */

/** The messages of the frontend in some bytes: their types and contents (PostgreSQL, Message Formats). */
function messagesIn(bytes: Buffer): (readonly [type: string, content: string])[] {
  const messages: (readonly [string, string])[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 1);
    messages.push([String.fromCharCode(bytes[at] ?? 0), bytes.toString("latin1", at + 5, at + 1 + length)]);
    at += 1 + length;
  }
  return messages;
}

it("pg's connection sends what the pipeline asks it to, in that order, and corks its stream", () => {
  const stream = new PassThrough();
  const connection = new Connection({ stream: stream as never });
  const wire = connection as unknown as Record<string, (message?: object) => void> & { readonly stream: PassThrough };
  expect(wire.stream).toBe(stream);
  stream.cork();
  wire["close"]?.({ type: "S", name: "w1" });
  wire["parse"]?.({ name: "w1", text: "insert into t values ($1, $2)" });
  wire["bind"]?.({ statement: "w1", values: ["a", null] });
  wire["execute"]?.({ portal: "", rows: 0 });
  wire["sync"]?.();
  stream.uncork();
  const messages = messagesIn(stream.read() as Buffer);
  expect(messages.map(([type]) => type)).toEqual(["C", "P", "B", "E", "S"]);
  expect(messages[0]?.[1]).toBe("Sw1\0");
  expect(messages[1]?.[1]).toBe("w1\0insert into t values ($1, $2)\0\0\0");
  // No portal, the statement, a format for each parameter or none, two parameters of which the second is null.
  expect(messages[2]?.[1].startsWith("\0w1\0")).toBe(true);
  expect(messages[2]?.[1]).toContain("\0\u0002\0\0\0\u0001a\u00ff\u00ff\u00ff\u00ff");
  expect(messages[3]?.[1]).toBe("\0\0\0\0\0");
  expect(messages[4]?.[1]).toBe("");
});
