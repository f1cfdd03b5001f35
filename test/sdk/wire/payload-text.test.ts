import * as fc from "fast-check";
import { expect, it } from "vitest";
import { payloadText } from "../../../packages/core/src/frame.ts";

const space = fc.constantFrom("", " ", "\n", "\t ");
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom('"', "]", "[", ",", "\\", '","', "{"),
);

it("cuts out of every frame of a request the payload as it was written", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(2, 6),
      fc.oneof(text, fc.integer()),
      text,
      fc.dictionary(text, fc.jsonValue()),
      fc.array(space, { minLength: 9, maxLength: 9 }),
      fc.constantFrom(0, 2),
      (type, id, action, payload, spaces, indent) => {
        const written = JSON.stringify(payload, null, indent);
        const parts = ["[", type, ",", JSON.stringify(id), ",", JSON.stringify(action), ",", written, "]"];
        const frame = parts.map((part, index) => `${spaces[index]}${part}`).join("");
        expect(payloadText(frame)).toBe(written);
      },
    ),
    { numRuns: 2_000 },
  );
});
