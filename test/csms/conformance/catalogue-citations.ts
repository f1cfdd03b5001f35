/* Which tests cite which ids, read from their sources: arguments of `verifies(…)`, and ids in titles of tests. */
import ts from "typescript";
import { filesBelow, read } from "../../repository/architecture/workspace.ts";

/** An id that a test cites, and where. */
export interface Citation {
  readonly id: string;
  readonly line: number;
}

/** What a source cites, and the lines where `verifies` got something else than string literals, which nobody can read. */
export interface Cited {
  readonly citations: readonly Citation[];
  readonly unreadable: readonly number[];
}

const idsIn = /\bTC_[A-Z]+_\d+_CSMS\b|\b[A-P]\d\d\.FR\.\d+\b|\b1\.6J?\/[\w./]*\w/g;
const testing = new Set(["describe", "it", "test"]);
const leftOut = new Set(["skip", "todo"]);

/**
 * The test files that may cite: all suites but the one about the table, and those beside the sources of the CSMS and of
 * the server through which it speaks with stations.
 */
export function citingFiles(): string[] {
  const suites = filesBelow("test").filter((file) => file !== "test/csms/conformance/table.test.ts");
  const units = [...filesBelow("packages/csms/src"), ...filesBelow("packages/websocket/src/server")];
  return [...suites, ...units].filter((file) => file.endsWith(".test.ts")).sort();
}

/** What a file cites. */
export function citationsIn(file: string): Cited {
  const text = read(file);
  return text.match(idsIn) === null && !text.includes("verifies(") ? { citations: [], unreadable: [] } : cited(text);
}

/** What a source cites. Tests that are skipped cite nothing. */
export function cited(text: string): Cited {
  const source = ts.createSourceFile("test.ts", text, ts.ScriptTarget.ES2022, true);
  const citations: Citation[] = [];
  const unreadable: number[] = [];
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;

  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const words = wordsOf(node.expression);
      if (words[0] === "verifies") {
        for (const argument of node.arguments) {
          if (ts.isStringLiteralLike(argument)) citations.push({ id: argument.text, line: lineOf(argument) });
          else unreadable.push(lineOf(argument));
        }
      }
      if (testing.has(words[0] ?? "")) {
        if (words.some((word) => leftOut.has(word))) return;
        const [title] = node.arguments;
        const found = title !== undefined && isText(title) ? (title.getText().match(idsIn) ?? []) : [];
        citations.push(...found.map((id) => ({ id, line: lineOf(node) })));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { citations, unreadable };
}

/** The files that cite each id, in order. */
export function readCitations(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of citingFiles()) {
    for (const id of new Set(citationsIn(file).citations.map(({ id }) => id))) {
      found.set(id, [...(found.get(id) ?? []), file]);
    }
  }
  return found;
}

/** The names that an expression is made of: `it`, `each` for `it.each([…])`. */
function wordsOf(expression: ts.Expression): string[] {
  if (ts.isIdentifier(expression)) return [expression.text];
  if (ts.isPropertyAccessExpression(expression)) return [...wordsOf(expression.expression), expression.name.text];
  if (ts.isCallExpression(expression)) return wordsOf(expression.expression);
  return ts.isTaggedTemplateExpression(expression) ? wordsOf(expression.tag) : [];
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}
