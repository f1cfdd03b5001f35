/* What the compiler says about plug-ins: those that are right compile, and each mistake is named. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, it } from "vitest";

interface Case {
  readonly title: string;
  /** What `setup` returns. */
  readonly hooks: string;
  /** What the compiler says; nothing where it compiles. */
  readonly complaint?: RegExp;
}

const boot = '{ status: "Accepted", currentTime: "2026-11-24T00:00:00Z", interval: 60 }';

const cases: readonly Case[] = [
  { title: "no hooks", hooks: "{}" },
  { title: "an answer", hooks: `{ on16: { BootNotification: () => (${boot}) } }` },
  { title: "an answer in time", hooks: `{ on201: { BootNotification: async () => (${boot}) } }` },
  {
    title: "an answer for some, typed by the request",
    hooks:
      '{ on21: { Authorize: ({ idToken }) => (idToken.idToken === "x" ? { idTokenInfo: { status: "Blocked" } } : undefined) } }',
  },
  { title: "a refusal", hooks: '{ on16: { Authorize: () => { throw new OcppError("SecurityError", "no"); } } }' },
  {
    title: "a listener",
    hooks:
      "{ after16: { StartTransaction: (request, answer) => void [request.idTag, answer.transactionId.toFixed()] } }",
  },
  {
    title: "life cycle",
    hooks:
      '{ onConnect: (id, event) => void [id.length, event.kind], start: () => {}, events: { "meter.values": () => {} } }',
  },
  {
    title: "answers to DataTransfers, and a hook that comes later",
    hooks:
      '{ dataTransfers: [{ vendorId: "v", answer: ({ data }) => ({ status: "Accepted", data }) }, { vendorId: "w", answer: async () => ({ status: "Rejected" }) }], onOnline: async (id) => void (await Promise.resolve(id.length)) }',
  },
  {
    title: "a status of a DataTransfer that is none",
    hooks: '{ dataTransfers: [{ vendorId: "v", answer: () => ({ status: "Fine" }) }] }',
    complaint: /Fine/,
  },
  {
    title: "a misspelt hook beside a right one",
    hooks: "{ start: () => {}, stopp: () => {} }",
    complaint: /stopp/,
  },
  {
    title: "an action that does not exist",
    hooks: "{ on16: { BootNotificaton: () => undefined } }",
    complaint: /BootNotificaton/,
  },
  {
    title: "an action that only a station receives",
    hooks: `{ on16: { BootNotification: () => (${boot}), Reset: () => ({ status: "Accepted" }) } }`,
    complaint: /a CSMS receives no Reset in this version/,
  },
  {
    title: "an action of another version",
    hooks: "{ on201: { StartTransaction: () => undefined } }",
    complaint: /StartTransaction/,
  },
  {
    title: "a listener of an action of another version",
    hooks: "{ after16: { Heartbeat: () => {}, TransactionEvent: () => {} } }",
    complaint: /a CSMS receives no TransactionEvent in this version/,
  },
  {
    title: "a field too many in an answer",
    hooks:
      '{ on16: { BootNotification: () => ({ status: "Accepted", currentTime: "", interval: 60, heartbeatInterval: 60 }) } }',
    complaint: /BootNotificationResponse has no field heartbeatInterval/,
  },
  {
    title: "a field too many deep in an answer that comes later",
    hooks: '{ on201: { Authorize: async () => ({ idTokenInfo: { status: "Accepted", expiry: "" } }) } }',
    complaint: /AuthorizeResponse has no field expiry/,
  },
  {
    title: "a field too few",
    hooks: '{ on16: { BootNotification: () => ({ status: "Accepted", currentTime: "" }) } }',
    complaint: /interval/,
  },
  {
    title: "a value that is none",
    hooks: '{ on16: { Authorize: () => ({ idTagInfo: { status: "Welcome" } }) } }',
    complaint: /Welcome/,
  },
  {
    title: "a field that the request has not",
    hooks: "{ on16: { Authorize: (request) => void request.idToken } }",
    complaint: /Property 'idToken' does not exist on type 'AuthorizeRequest'/,
  },
  { title: "a hook that does not exist", hooks: "{ on17: {} }", complaint: /on17/ },
  {
    title: "an event that does not exist",
    hooks: '{ events: { "station.exploded": () => {} } }',
    complaint: /station\.exploded/,
  },
];

const cache = join(import.meta.dirname, "../../.cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "plugins-"));
const fileOf = (index: number): string => join(folder, `case-${index}.ts`);
const complaints = new Map<string, string[]>();

beforeAll(() => {
  for (const [index, { hooks }] of cases.entries()) {
    const code = `import { OcppError } from "@ocpp/core";
import { definePlugin } from "@ocpp/csms";
export const made = definePlugin({ name: "made", setup: () => (${hooks}) });
export { OcppError };
`;
    writeFileSync(fileOf(index), code);
  }
  const program = ts.createProgram(
    cases.map((_, index) => fileOf(index)),
    {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      customConditions: ["@ocpp/source"],
      lib: ["lib.es2023.d.ts"],
      types: ["node"],
      typeRoots: [join(import.meta.dirname, "../node_modules/@types")],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      noEmit: true,
    },
  );
  for (const [index] of cases.entries()) {
    const source = program.getSourceFile(fileOf(index));
    const found = [...program.getSemanticDiagnostics(source), ...program.getSyntacticDiagnostics(source)];
    complaints.set(
      fileOf(index),
      found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    );
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.each(cases.map((one, index) => ({ ...one, index })))("a plug-in with $title", ({ index, complaint }) => {
  const said = complaints.get(fileOf(index)) ?? ["not compiled"];
  if (complaint === undefined) expect(said).toEqual([]);
  else expect(said.join("\n")).toMatch(complaint);
});
