import { describe, expect, it } from "vitest";
import { acme, oldAcme } from "./acme-protocol.fixture.ts";
import {
  formatCall,
  formatCallError,
  formatCallResult,
  formatSend,
  messageIdText,
  parseFrame,
  payloadText,
} from "./frame.ts";
import { OcppError } from "./ocpp-error.ts";

describe("parseFrame", () => {
  it.each([
    ['[2,"a","Echo",{"token":1}]', { type: 2, id: "a", action: "Echo", payload: { token: 1 } }],
    ['[2,"a","Echo",null]', { type: 2, id: "a", action: "Echo", payload: {} }],
    ['[2,7,"Echo",{}]', { type: 2, id: 7, action: "Echo", payload: {} }],
    ['[6,"a","Tick",{"at":1}]', { type: 6, id: "a", action: "Tick", payload: { at: 1 } }],
    ['[3,"a",{"token":1}]', { type: 3, id: "a", payload: { token: 1 } }],
    ['[3,"a",null]', { type: 3, id: "a", payload: {} }],
    ['[3,"a"]', { type: 3, id: "a", payload: undefined }],
    [
      '[4,"a","GenericError","why",{"x":1}]',
      { type: 4, id: "a", code: "GenericError", description: "why", details: { x: 1 } },
    ],
    ['[4,"a","GenericError","why"]', { type: 4, id: "a", code: "GenericError", description: "why", details: {} }],
    ['[4,"a"]', { type: 4, id: "a", code: "GenericError", description: "", details: {} }],
    ['[5,"a","FormatViolation","",{}]', { type: 5, id: "a", code: "FormatViolation", description: "", details: {} }],
  ])("reads %s", (text, frame) => {
    expect(parseFrame(acme, text)).toEqual(frame);
  });

  it.each([
    ["", "-1", "RpcFrameworkError"],
    ["{}", "-1", "RpcFrameworkError"],
    ["[]", "-1", "RpcFrameworkError"],
    ["null", "-1", "RpcFrameworkError"],
    ['[2,null,"Echo",{}]', "-1", "RpcFrameworkError"],
    ['[2,"a",5,{}]', "a", "RpcFrameworkError"],
    ['[2,"a","Echo"]', "a", "ProtocolError"],
    ['[2,"a","Echo",{},{}]', "a", "RpcFrameworkError"],
    ['[2,"a","Echo",[]]', "a", "FormatViolation"],
    ['[2,"a","Echo","x"]', "a", "FormatViolation"],
    ['[2,"a","Echo",{', "a", "FormatViolation"],
    ['["2","a","Echo",{}]', "a", "RpcFrameworkError"],
  ])("refuses %s under the id %s", (text, id, code) => {
    expect(parseFrame(acme, text)).toMatchObject({ type: "malformed", answer: { id, code } });
  });

  it.each(['[3,"a",{', "[3,null,{}]", "[4]", '[6,"a"]', '[6,null,"Tick",{}]', '[9,"a","Echo",{}]'])(
    "does not answer %s",
    (text) => {
      const frame = parseFrame(acme, text);
      expect(frame.type).toBe("malformed");
      expect(frame).not.toHaveProperty("answer");
    },
  );

  it("does not answer what it cannot read where the version has no id for it", () => {
    expect(parseFrame(oldAcme, "nonsense")).not.toHaveProperty("answer");
    expect(parseFrame(oldAcme, '[2,"a","Echo",{')).toHaveProperty("answer");
  });

  it("answers an unknown message type where the version says so", () => {
    const answering = { ...oldAcme, unknownMessageType: "answer" } as const;
    expect(parseFrame(answering, '[6,"a","Tick",{}]')).toMatchObject({
      answer: { id: "a", code: "MessageTypeNotSupported" },
    });
    expect(parseFrame(oldAcme, '[6,"a","Tick",{}]')).not.toHaveProperty("answer");
  });

  it.each([
    ["1e3", '[2,1e3,"Echo",{}]'],
    ["1.0", '[2,1.0,"Echo",{}]'],
    ["-0", '[2,-0,"Echo",{}]'],
    ["12345678901234567890", '[2, 12345678901234567890 ,"Echo",{}]'],
    ["1e400", '[2,1e400,"Echo",{}]'],
    ["7", '[2,7,"Echo",{}]'],
  ])("keeps the number %s as it was written", (number, text) => {
    const frame = parseFrame(acme, text);
    if (frame.type !== 2) throw new Error("It is a call");
    expect(messageIdText(frame.id)).toBe(number);
    expect(formatCallResult(frame.id, "{}")).toBe(`[3,${number},{}]`);
    expect(formatCallError(acme, 4, frame.id, new OcppError("GenericError", "no"))).toBe(
      `[4,${number},"GenericError","no",{}]`,
    );
  });

  it.each([
    [`[2,"${"x".repeat(37)}","Echo",{`, `"${"x".repeat(37)}"`],
    ['[2,1e3,"Echo",{', "1e3"],
    ['[2,1e3,"Echo"]', "1e3"],
    ['["2",1e3,"Echo",{}]', "1e3"],
  ])("answers the malformed %s under its own id", (text, id) => {
    const frame = parseFrame(acme, text);
    if (frame.type !== "malformed" || frame.answer === undefined) throw new Error("It is to be answered");
    expect(formatCallError(acme, 4, frame.answer.id, new OcppError("GenericError", ""))).toMatch(`[4,${id},`);
  });

  it("takes ids of any length and numbers, unless it is to be strict", () => {
    const long = "x".repeat(37);
    expect(parseFrame(acme, `[2,"${long}","Echo",{}]`)).toMatchObject({ type: 2, id: long });
    for (const id of [`"${long}"`, "7", "1e3"]) {
      const refused = parseFrame(acme, `[2,${id},"Echo",{}]`, "strict");
      expect(refused).toMatchObject({ type: "malformed", answer: { code: "RpcFrameworkError" } });
      const answer = refused.type === "malformed" ? refused.answer : undefined;
      expect(answer && formatCallResult(answer.id, "{}")).toBe(`[3,${id},{}]`);
      for (const type of [3, 4, 5, 6]) {
        const frame = parseFrame(acme, `[${type},${id},"Tick",{}]`, "strict");
        expect(frame.type).toBe("malformed");
        expect(frame).not.toHaveProperty("answer");
      }
    }
    expect(parseFrame(acme, `[2,"${"x".repeat(36)}","Echo",{}]`, "strict")).toMatchObject({ type: 2 });
  });

  it("survives any depth of nesting", () => {
    expect(parseFrame(acme, `[2,"a","Echo",${"[".repeat(100_000)}`).type).toBe("malformed");
    expect(parseFrame(acme, `${"[".repeat(100_000)}${"]".repeat(100_000)}`).type).toBe("malformed");
  });
});

describe("formatting", () => {
  it("writes each type", () => {
    expect(formatCall("a", "Echo", '{"token":1}')).toBe('[2,"a","Echo",{"token":1}]');
    expect(formatCallResult(7, "{}")).toBe("[3,7,{}]");
    expect(formatSend("a", "Tick", "{}")).toBe('[6,"a","Tick",{}]');
  });

  it("writes errors in the spelling of the version", () => {
    const error = new OcppError("FormatViolation", "no");
    expect(formatCallError(oldAcme, 4, "a", error)).toBe('[4,"a","FormationViolation","no",{}]');
    expect(formatCallError(acme, 5, "a", error)).toBe('[5,"a","FormatViolation","no",{}]');
  });

  it("cuts descriptions to 255 characters without halving a surrogate pair", () => {
    const text = formatCallError(acme, 4, "a", new OcppError("GenericError", `${"x".repeat(254)}🚗`));
    expect(JSON.parse(text)[3]).toBe("x".repeat(254));
  });

  it("leaves out details that are not JSON", () => {
    const text = formatCallError(acme, 4, "a", new OcppError("GenericError", "no", { details: { big: 1n } }));
    expect(JSON.parse(text)).toEqual([4, "a", "GenericError", "no", {}]);
  });
});

describe("payloadText", () => {
  it.each([
    ['[2,"a","Echo",{"b":1.0,"a":[2, 3]}]', '{"b":1.0,"a":[2, 3]}'],
    [' [ 2 , "a\\"],\\\\" , "Ec,\\"ho" , { } ] ', "{ }"],
    ['[2,17,"Echo",{"text":"]"}]', '{"text":"]"}'],
    ['[6,"a","Tick",null]', "{}"],
    ['[2,"a","Echo",{"2":true,"1":1e400,"n":12345678901234567890}]', '{"2":true,"1":1e400,"n":12345678901234567890}'],
  ])("cuts the payload out of %s", (text, payload) => {
    expect(payloadText(text)).toBe(payload);
  });

  it("cuts the payload out of a call with an id of any length", () => {
    expect(payloadText(`[2,"${"x".repeat(10_000_000)}","Echo",{"a":1}]`)).toBe('{"a":1}');
  });
});
