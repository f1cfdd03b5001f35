/*
 * What a fixture says about its own mistake, in a comment above it:
 *
 *     // error TS2345, in 7.0 TS2741: Property 'type' is missing in type
 *
 * The number, another number where a version has another, and what the text contains; `…` stands for anything.
 */
import type { Compiler } from "./compiler.ts";

/** The error that a compiler must report below `line`. */
export interface Expectation {
  readonly line: number;
  readonly codes: { readonly [C in Compiler]: string };
  readonly text: RegExp;
}

const form = /^\s*\/\/ error (TS\d+)((?:, in [\d.]+ TS\d+)*): (\S.*)$/;

/** Reads the expectations of a fixture from its source. */
export function expectationsOf(source: string): Expectation[] {
  return source.split("\n").flatMap((line, index) => {
    const [, code, others = "", text] = form.exec(line) ?? [];
    if (code === undefined || text === undefined) return [];
    const other = new Map([...others.matchAll(/in ([\d.]+) (TS\d+)/g)].map(([, version, its]) => [version, its]));
    const codeIn = (compiler: Compiler) => other.get(compiler) ?? code;
    const codes = { "5.4": codeIn("5.4"), "6.0": codeIn("6.0"), "7.0": codeIn("7.0") };
    return [{ line: index + 1, codes, text: contains(text) }];
  });
}

/** Any text that contains the pieces between the ellipses, in their order. */
function contains(text: string): RegExp {
  const pieces = text.split("…").map((piece) => piece.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(pieces.join("[\\s\\S]*"));
}
