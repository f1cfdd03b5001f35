import { check, property } from "fast-check";
import { documents } from "./arbitrary.ts";
import { disagreement, shown } from "./comparison.ts";
import { edgesOf } from "./edges.ts";
import { type Finding, type Reference, referenceOf } from "./reference.ts";
import { ruleOf, rulesOf } from "./rule.ts";
import type { Message } from "./schema.ts";
import { type Shape, shapeOf } from "./shape.ts";
import { smaller } from "./shrinking.ts";
import { bits, kinds, type Validator } from "./violation.ts";

/** What a trial has seen, so that a test can tell a thorough trial from an idle one. */
interface Account {
  documents: number;
  /** How many of them the reference let pass. */
  valid: number;
  /** Rules of the schema that no document broke; told of the edges only. */
  untried: string[];
}

/** A message put to the test: our validator of it beside the reference. */
export interface Trial {
  /** Goes through every edge of the schema. Throws at the first disagreement. */
  edges(): Account;
  /** Draws so many documents, valid and mutated. Throws at the first disagreement, with the smallest document that shows it. */
  random(runs: number, seed: number): Account;
}

/** Prepares the trial of one message. */
export function trialOf(message: Message, validate: Validator): Trial {
  const shape: Shape = shapeOf(message.schema);
  const reference: Reference = referenceOf(message.schema);
  const rules = rulesOf(message.schema);

  /** Compares with nothing tolerated and, of an invalid document, with what it takes to let it pass and with less than that. */
  function judge(document: unknown, findings: readonly Finding[]): string | undefined {
    const strict = disagreement(validate, findings, document);
    if (strict !== undefined || findings.length === 0) return strict;
    let all = 0;
    for (const finding of findings) all |= bits[finding.kind];
    for (const tolerated of [all, all & -all, 255 & ~(all & -all)]) {
      const lenient = disagreement(validate, findings, document, tolerated);
      if (lenient !== undefined) return `with ${named(tolerated)} tolerated, ${lenient}`;
    }
    return undefined;
  }

  function accounts(watched: boolean): { account: () => Account; see: (document: unknown) => string | undefined } {
    const tried = new Set<string>();
    let seen = 0;
    let valid = 0;
    return {
      see(document) {
        const findings = reference(document);
        seen += 1;
        if (findings.length === 0) valid += 1;
        if (watched) for (const finding of findings) tried.add(ruleOf(finding));
        return judge(document, findings);
      },
      account: () => ({ documents: seen, valid, untried: watched ? rules.filter((rule) => !tried.has(rule)) : [] }),
    };
  }

  function report(document: unknown, verdict: string, source: string): Error {
    return new Error(`${message.version} ${message.name}: ${verdict}\n${source}\ndocument: ${shown(document)}`);
  }

  return {
    edges() {
      const { account, see } = accounts(true);
      for (const document of edgesOf(shape)) {
        const verdict = see(document);
        if (verdict === undefined) continue;
        const least = shrunk(document, (smallerOne) => judge(smallerOne, reference(smallerOne)) !== undefined);
        throw report(least, judge(least, reference(least)) ?? verdict, `edge ${account().documents}`);
      }
      return account();
    },

    random(runs, seed) {
      const { account, see } = accounts(false);
      const details = check(
        property(documents(shape), (document) => see(document) === undefined),
        { numRuns: runs, seed, endOnFailure: false },
      );
      if (details.failed) {
        const document = details.counterexample?.[0];
        const verdict = judge(document, reference(document)) ?? String(details.errorInstance);
        throw report(document, verdict, `seed ${seed}, path ${details.counterexamplePath}`);
      }
      return account();
    },
  };
}

/** The smallest document still failing that greedy cutting finds. */
function shrunk(document: unknown, fails: (document: unknown) => boolean): unknown {
  let least = document;
  search: for (let rounds = 0; rounds < 1000; rounds += 1) {
    for (const candidate of smaller(least)) {
      if (fails(candidate)) {
        least = candidate;
        continue search;
      }
    }
    break;
  }
  return least;
}

function named(tolerated: number): string {
  return kinds.filter((kind) => (bits[kind] & tolerated) !== 0).join(", ");
}
