/* What an editor offers: TypeScript's language service, asked as an editor asks it. */
import { join } from "node:path";
import * as v16 from "@ocpp/v16";
import * as v21 from "@ocpp/v21";
import * as v201 from "@ocpp/v201";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { folder } from "./compiler.ts";

const file = join(folder, "completed.ts");
let text = "";
let version = 0;

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  types: [],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};

const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [file],
  getScriptVersion: (name) => (name === file ? String(version) : "0"),
  getScriptSnapshot: (name) => {
    const source = name === file ? text : ts.sys.readFile(name);
    return source === undefined ? undefined : ts.ScriptSnapshot.fromString(source);
  },
  getCurrentDirectory: () => folder,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  readFile: (name) => ts.sys.readFile(name),
  readDirectory: (...args) => ts.sys.readDirectory(...args),
  directoryExists: (name) => ts.sys.directoryExists(name),
  getDirectories: (name) => ts.sys.getDirectories(name),
});

const imports = `
import { csms, station } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v21 } from "@ocpp/v21";
import { v201 } from "@ocpp/v201";
import { csms16, csms201, csms21, station16, station201, station21 } from "./connections.ts";
`;

/** What is offered where `|` stands, in order of name; globals and keywords left out. */
function offered(code: string): string[] {
  const at = code.indexOf("|");
  text = `${imports}${code.slice(0, at)}${code.slice(at + 1)}`;
  version += 1;
  const entries = service.getCompletionsAtPosition(file, imports.length + at, {})?.entries ?? [];
  const members = ["property", "method", "string"];
  return entries
    .filter(({ kind, sortText }) => members.includes(kind) && !sortText.startsWith("15"))
    .map(({ name }) => name)
    .sort();
}

/** The actions that a side calls or sends, as the version's values say. */
function sentBy(
  side: "station" | "csms",
  protocol: typeof v16.v16 | typeof v201.v201 | typeof v21.v21,
  answered = true,
) {
  return Object.values(protocol.actions)
    .filter(({ from, response }) => (from === side || from === "both") && (response !== undefined) === answered)
    .map(({ name }) => name)
    .sort();
}

describe("completions of actions", () => {
  it.each([
    ["csms16", sentBy("csms", v16.v16)],
    ["station16", sentBy("station", v16.v16)],
    ["csms201", sentBy("csms", v201.v201)],
    ["station201", sentBy("station", v201.v201)],
    ["csms21", sentBy("csms", v21.v21)],
    ["station21", sentBy("station", v21.v21)],
  ])("%s.call offers exactly what it may call", (peer, names) => {
    expect(offered(`${peer}.call("|");`)).toEqual(names);
  });

  it("offers them also where a request and options follow", () => {
    expect(offered(`csms201.call("|", { type: "OnIdle" }, { timeout: 1 });`)).toEqual(sentBy("csms", v201.v201));
  });

  it("offers for send what is sent unanswered", () => {
    expect(offered(`station21.send("|");`)).toEqual(sentBy("station", v21.v21, false));
  });
});

describe("completions of messages", () => {
  it("offers the fields of a request", () => {
    expect(offered(`csms201.call("Reset", { | });`)).toEqual(["customData", "evseId", "type"]);
  });

  it("offers nested fields", () => {
    const fields = offered(`station201.call("BootNotification", { reason: "PowerUp", chargingStation: { | } });`);
    expect(fields).toEqual(["customData", "firmwareVersion", "model", "modem", "serialNumber", "vendorName"]);
  });

  it("offers literals", () => {
    expect(offered(`csms201.call("Reset", { type: "|" });`)).toEqual(["Immediate", "OnIdle"]);
  });

  it("offers the fields of an answer", () => {
    expect(offered(`(await station16.call("Heartbeat", {})).|`)).toEqual(["currentTime"]);
  });

  it("offers the options of a call", () => {
    const names = ["messageId", "sent", "signal", "timeout"];
    expect(offered(`csms201.call("Reset", { type: "OnIdle" }, { | });`)).toEqual(names);
  });
});

describe("completions of handlers", () => {
  const handled = (side: "station" | "csms", protocol: typeof v201.v201 | typeof v21.v21) =>
    [...sentBy(side, protocol), ...sentBy(side, protocol, false)].sort();

  it("offers what a station receives", () => {
    expect(offered("station(v201, { | });")).toEqual(handled("csms", v201.v201));
  });

  it("offers what a CSMS receives, what is not answered included", () => {
    expect(offered("csms(v21, { | });")).toEqual(handled("station", v21.v21));
  });

  it("offers the rest beside handlers that are there", () => {
    const rest = handled("csms", v201.v201).filter((name) => name !== "Reset");
    expect(offered(`station(v201, { Reset: () => ({ status: "Accepted" }), | });`)).toEqual(rest);
  });

  it("offers them where options follow", () => {
    expect(offered("station(v201, { | }, { fallback: () => ({}) });")).toEqual(handled("csms", v201.v201));
  });

  it("offers the fields of the request in a handler", () => {
    const code = `station(v201, { Reset: (request) => { request.|; return { status: "Accepted" }; } }, { fallback: () => ({}) });`;
    expect(offered(code)).toEqual(["customData", "evseId", "type"]);
  });

  it("offers the fields of a response", () => {
    const code = "station(v201, { Reset: () => ({ | }) }, { fallback: () => ({}) });";
    expect(offered(code)).toEqual(["customData", "status", "statusInfo"]);
  });

  it("offers the literals of a response", () => {
    const code = `station(v201, { Reset: async () => ({ status: "|" }) }, { fallback: () => ({}) });`;
    expect(offered(code)).toEqual(["Accepted", "Rejected", "Scheduled"]);
  });

  it("offers options and tolerances", () => {
    expect(offered("station(v201, {}, { | });")).toEqual(["fallback", "interceptors", "validation"]);
    const names = Object.keys(v201.edition.tolerances).sort();
    expect(offered(`station(v201, {}, { fallback: () => ({}), validation: { tolerate: ["|"] } });`)).toEqual(names);
  });
});
