import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import formats from "ajv-formats";
import { validDocument } from "../../sdk/oracle/document.ts";
import { drawOf, seedOf } from "../../sdk/oracle/draw.ts";
import { withoutIdentity } from "../../sdk/oracle/reference.ts";
import { messagesOf, versions } from "../../sdk/oracle/schema.ts";
import { shapeOf } from "../../sdk/oracle/shape.ts";
import { validatorOf } from "../../sdk/oracle/subject.ts";
import { geometricMean, median } from "./figure.ts";

/**
 * Validates documents of every message with our validators and with ajv's standalone output, in turns, and prints the
 * geometric mean over all messages of how many times faster ours are.
 */

const documentsPerMessage = 8;
const rounds = 5;
const folder = new URL("../../.cache/bench/", import.meta.url);

type Check = (document: unknown) => unknown;

/** Ajv's standalone validators of one version, compiled from the same schemas. */
function standalone(version: (typeof versions)[number]): Map<string, Check> {
  const ajv = new Ajv({ strict: false, multipleOfPrecision: 6, code: { source: true, optimize: 2 }, messages: false });
  formats.default(ajv);
  const names: Record<string, string> = {};
  for (const { name, schema } of messagesOf(version)) {
    ajv.addSchema({ ...withoutIdentity(schema), $id: name } as object, name);
    names[name] = name;
  }
  mkdirSync(folder, { recursive: true });
  const file = new URL(`ajv-${version}.cjs`, folder);
  writeFileSync(file, standaloneCode.default(ajv, names));
  const module = createRequire(import.meta.url)(file.pathname) as Record<string, Check>;
  return new Map(Object.entries(module));
}

/** Nanoseconds a document that one check takes over all documents, repeated until it can be told. */
function time(check: Check, documents: readonly unknown[], repeats: number): number {
  const start = process.hrtime.bigint();
  for (let repeat = 0; repeat < repeats; repeat += 1) for (const document of documents) check(document);
  return Number(process.hrtime.bigint() - start) / (repeats * documents.length);
}

function ratioOf(ours: Check, theirs: Check, documents: readonly unknown[]): { ratio: number; nanoseconds: number } {
  for (const check of [ours, theirs]) time(check, documents, 300);
  const repeats = Math.max(50, Math.round(1_000_000 / Math.max(50, time(theirs, documents, 100)) / documents.length));
  const pairs = Array.from(
    { length: rounds },
    () => [time(ours, documents, repeats), time(theirs, documents, repeats)] as const,
  );
  return { ratio: median(pairs.map(([a, b]) => b / a)), nanoseconds: median(pairs.map(([a]) => a)) };
}

const ratios: Record<string, number> = {};
const all: number[] = [];
let event = 0;
for (const version of versions) {
  const peers = standalone(version);
  const own: number[] = [];
  for (const { name, schema } of messagesOf(version)) {
    const theirs = peers.get(name);
    if (theirs === undefined) throw new Error(`ajv has no ${version} ${name}`);
    const shape = shapeOf(schema);
    const draw = drawOf(seedOf(`${version} ${name}`));
    const ours = validatorOf(version, name);
    const documents = Array.from(
      { length: documentsPerMessage },
      () => JSON.parse(JSON.stringify(validDocument(draw, shape))) as unknown,
    );
    for (const document of documents) {
      if (ours(document) !== undefined || theirs(document) !== true)
        throw new Error(`${version} ${name}: a document is not valid`);
    }
    const { ratio, nanoseconds } = ratioOf(ours, theirs, documents);
    own.push(ratio);
    if (version === "2.0.1" && name === "TransactionEventRequest") event = nanoseconds;
  }
  ratios[version] = geometricMean(own);
  all.push(...own);
}
process.stdout.write(
  `${JSON.stringify({ ratio: geometricMean(all), byVersion: ratios, slowest: Math.min(...all), event })}\n`,
);
