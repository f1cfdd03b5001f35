import { readdirSync, readFileSync } from "node:fs";
import type { Report, Side } from "@ocpp/core";
import { type Version, versions } from "./version.ts";

/** A text, or pieces of one, of which some are repeated: what is too large or too deep to be written down. */
export type Text = string | readonly (string | { readonly repeat: string; readonly times: number })[];

/** What is put on a WebSocket: a text, one in fragments, a binary message, or bytes of the framing itself in hexadecimal. */
export type WireFrame =
  | { readonly text: Text }
  | { readonly fragments: readonly Text[] }
  | { readonly binary: Text }
  | { readonly raw: string };

/** What has happened on the connection before. */
export type Given =
  /** The receiver's own call, with the id `own`, waits for its answer. */
  | "call"
  /** The receiver's own call, with the id `own`, has been answered already. */
  | "answered-call"
  /** As `call`, with an action and a request of one's choice. */
  | { readonly call: string; readonly request: unknown; readonly messageId?: string }
  /** A handler of the receiver is at work on a call with this id. */
  | { readonly handler: string };

/** What the receiver does. */
export interface Expectation {
  /** The one frame that comes back. */
  readonly answer?: {
    readonly type: 3 | 4 | 5;
    readonly id: string | number;
    readonly code?: string;
    /** A regular expression. */
    readonly description?: string;
  };
  /** Nothing comes back. */
  readonly silence?: true;
  /** The connection ends with this code. */
  readonly close?: number;
  /** A handler has run; without it, none may. */
  readonly handled?: true;
  /** What has become of the receiver's own call: `resolved`, `waiting`, `refused:<code>`, `violation:<kind>[:<path>]`. */
  readonly own?: string;
}

/** One frame of the corpus. */
export interface Entry {
  /** The file's name and a name within it. */
  readonly id: string;
  readonly versions: readonly Version[];
  /** Who receives it. */
  readonly side: Side | "both";
  readonly given?: Given;
  readonly frame: Text | WireFrame;
  readonly expect: Expectation;
  /** The one thing that the receiver's peer reports; `null` for nothing. */
  readonly report: Report["type"] | null;
  /** The section of the specification that says so. */
  readonly spec: string;
  /** Why, where the specification leaves it open. */
  readonly note?: string;
}

const folder = new URL("corpus/", import.meta.url);

const reports: ReadonlySet<unknown> = new Set<Report["type"] | null>([
  null,
  "malformed-frame",
  "unexpected-answer",
  "duplicate-call",
  "refused-call",
  "violation",
  "handler-failed",
  "handler-late",
  "result-refused",
]);

type Fields = Readonly<Record<string, unknown>>;

class CorpusError extends Error {
  override readonly name = "CorpusError";
}

function must(condition: boolean, where: string, what: string): asserts condition {
  if (!condition) throw new CorpusError(`${where}: ${what}`);
}

function fieldsOf(value: unknown, where: string, known: readonly string[]): Fields {
  must(typeof value === "object" && value !== null && !Array.isArray(value), where, "is no object");
  for (const key of Object.keys(value)) must(known.includes(key), where, `has an unknown field ${key}`);
  return value as Fields;
}

function checkText(value: unknown, where: string): void {
  if (typeof value === "string") return;
  must(Array.isArray(value) && value.length > 0, where, "is no text");
  for (const part of value as unknown[]) {
    if (typeof part === "string") continue;
    const { repeat, times } = fieldsOf(part, where, ["repeat", "times"]);
    must(typeof repeat === "string" && repeat !== "", where, "repeats nothing");
    must(
      typeof times === "number" && Number.isSafeInteger(times) && times > 0,
      where,
      "is repeated no number of times",
    );
  }
}

function checkFrame(value: unknown, where: string): void {
  if (typeof value === "string" || Array.isArray(value)) {
    checkText(value, where);
    return;
  }
  const fields = fieldsOf(value, where, ["text", "fragments", "binary", "raw"]);
  must(Object.keys(fields).length === 1, where, "is not of exactly one kind");
  const { fragments, raw } = fields;
  if (raw !== undefined) must(typeof raw === "string" && /^([0-9a-f]{2})+$/.test(raw), where, "is not hexadecimal");
  else if (fragments !== undefined) {
    must(Array.isArray(fragments) && fragments.length > 1, where, "is not fragmented");
    for (const fragment of fragments) checkText(fragment, where);
  } else checkText(fields["text"] ?? fields["binary"], where);
}

function checkGiven(value: unknown, where: string): void {
  if (value === undefined || value === "call" || value === "answered-call") return;
  const { call, handler, request } = fieldsOf(value, where, ["call", "request", "messageId", "handler"]);
  must((typeof call === "string") !== (typeof handler === "string"), where, "is neither a call nor a handler");
  must(call === undefined || request !== undefined, where, "calls without a request");
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text, "u").source !== "";
  } catch {
    return false;
  }
}

function checkExpectation(value: unknown, where: string): void {
  const fields = fieldsOf(value, where, ["answer", "silence", "close", "handled", "own"]);
  const kinds = ["answer", "silence", "close"].filter((kind) => fields[kind] !== undefined);
  must(kinds.length === 1, where, `expects ${kinds.length} things and not one`);
  const { answer, silence, close, handled, own } = fields;
  must(silence === undefined || silence === true, where, "is silent in an odd way");
  must(close === undefined || typeof close === "number", where, "closes without a code");
  must(handled === undefined || handled === true, where, "is handled in an odd way");
  must(
    own === undefined || (typeof own === "string" && /^(waiting|resolved|refused:\w+|violation:[\w:.-]+)$/.test(own)),
    where,
    "has no such end of an own call",
  );
  if (answer === undefined) return;
  const { type, id, code, description } = fieldsOf(answer, where, ["type", "id", "code", "description"]);
  must(type === 3 || type === 4 || type === 5, where, "answers with no such type");
  must(typeof id === "string" || typeof id === "number", where, "answers without an id");
  must((type === 3) === (code === undefined), where, "has a code where there is none, or none where there is one");
  must(code === undefined || (typeof code === "string" && /^[A-Z]\w+$/.test(code)), where, "has no such code");
  if (description === undefined) return;
  must(typeof description === "string" && type !== 3, where, "describes what it must not");
  must(isExpression(description), where, "describes with what is no regular expression");
}

/** Checks one entry of a file. Throws an error that names the entry and the fault. */
export function checkEntry(value: unknown, file: string): Entry {
  const names = ["id", "versions", "side", "given", "frame", "expect", "report", "spec", "note"];
  const entry = fieldsOf(value, file, names);
  const { id } = entry;
  must(
    typeof id === "string" && id.startsWith(`${file}/`) && id.length > file.length + 1,
    file,
    `has an id ${String(id)}`,
  );
  const listed = entry["versions"];
  must(Array.isArray(listed) && listed.length > 0, id, "names no versions");
  for (const version of listed as unknown[])
    must(versions.includes(version as Version), id, `names a version ${String(version)}`);
  must(new Set(listed).size === listed.length, id, "names a version twice");
  must(["station", "csms", "both"].includes(entry["side"] as string), id, "names no side");
  checkGiven(entry["given"], `${id}, given`);
  checkFrame(entry["frame"], `${id}, frame`);
  checkExpectation(entry["expect"], `${id}, expect`);
  must(reports.has(entry["report"]), id, "names no report");
  const { spec } = entry;
  must(typeof spec === "string" && /§|table|RFC|\.json/.test(spec), id, "cites no section");
  must(entry["note"] === undefined || typeof entry["note"] === "string", id, "has a note that is no text");
  return value as Entry;
}

/** Reads all files of the corpus. Throws where one is not as it must be. */
export function readCorpus(): Entry[] {
  const entries: Entry[] = [];
  const ids = new Set<string>();
  for (const name of readdirSync(folder).toSorted()) {
    must(name.endsWith(".json"), name, "is no JSON file");
    const list: unknown = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    must(Array.isArray(list) && list.length > 0, name, "holds no list");
    for (const value of list as unknown[]) {
      const entry = checkEntry(value, name.slice(0, -".json".length));
      must(!ids.has(entry.id), entry.id, "is there twice");
      ids.add(entry.id);
      entries.push(entry);
    }
  }
  return entries;
}

/** Writes a text out. */
export function textOf(text: Text): string {
  if (typeof text === "string") return text;
  return text.map((part) => (typeof part === "string" ? part : part.repeat.repeat(part.times))).join("");
}

/** Whether a frame can be put on a transport of frames; the others need a WebSocket. */
export function isText(frame: Entry["frame"]): frame is Text {
  return typeof frame === "string" || Array.isArray(frame);
}

/** One frame for one version and one receiver. */
export interface Case {
  readonly name: string;
  readonly entry: Entry;
  readonly version: Version;
  readonly side: Side;
}

/** All cases of the corpus. */
export function casesOf(entries: readonly Entry[]): Case[] {
  return entries.flatMap((entry) =>
    entry.versions.flatMap((version) =>
      (entry.side === "both" ? (["station", "csms"] as const) : [entry.side]).map((side) => ({
        name: `${entry.id} to a ${side} of ${version}`,
        entry,
        version,
        side,
      })),
    ),
  );
}
