import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseDotEnv } from "./dotenv.ts";

test("a .env file is read line by line", () => {
  const text = `# comment
PLAIN=value
export EXPORTED = spaced  # comment
COLON: yes
EMPTY=
SINGLE='a # "b" \\n'
DOUBLE="a # 'b'\\n\\"c\\"" # comment
HASH=a#b
URL=postgres://u:p@h/d?x=1
\r
nonsense
9=x
LATER=1
LATER=2`;
  const { variables, odd } = parseDotEnv(`\uFEFF${text}`);
  expect(Object.fromEntries(variables)).toEqual({
    PLAIN: "value",
    EXPORTED: "spaced",
    COLON: "yes",
    EMPTY: "",
    SINGLE: 'a # "b" \\n',
    DOUBLE: "a # 'b'\n\"c\"",
    HASH: "a#b",
    URL: "postgres://u:p@h/d?x=1",
    LATER: "2",
  });
  expect(odd).toHaveLength(2);
});

test("a line separator of Unicode ends no line", () => {
  const { variables, odd } = parseDotEnv('A="x\u2028y" # z\u2029\nB=a\u2028b\nC=\'\u2029\'\nD="\\\u2028"');
  expect([Object.fromEntries(variables), odd]).toEqual([
    { A: "x\u2028y", B: "a\u2028b", C: "\u2029", D: "\u2028" },
    [],
  ]);
});

test("every value can be written, and none can break out of its quotes", () => {
  const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,10}$/);
  fc.assert(
    fc.property(
      fc.dictionary(
        name,
        fc.string({ unit: "grapheme" }).filter((one) => !/[\r\n]/.test(one)),
      ),
      (values) => {
        const lines = Object.entries(values).map(
          ([key, value]) => `${key}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}" # x`,
        );
        const { variables, odd } = parseDotEnv(lines.join("\n"));
        expect([Object.fromEntries(variables), odd]).toEqual([{ ...values }, []]);
      },
    ),
  );
  fc.assert(fc.property(fc.string(), (text) => parseDotEnv(text).variables instanceof Map));
});
