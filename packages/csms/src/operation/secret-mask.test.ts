import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskFrame } from "./secret-mask.ts";

/** The same rules over parsed values, written without an eye on speed or on keeping the text. */
function maskedValue(value: unknown, key = ""): unknown {
  const isSecretName = (name: unknown): boolean =>
    typeof name === "string" && /authorizationkey|password|passphrase/i.test(name);
  if (Array.isArray(value)) return value.map((entry) => maskedValue(entry, key));
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  const variable = object["variable"];
  const secret =
    isSecretName(object["key"]) ||
    (typeof variable === "object" && variable !== null && isSecretName((variable as { name?: unknown }).name));
  const entries = Object.entries(object).map(([name, inner]) => {
    if (/password$|^simPin$/i.test(name) || (name === "key" && key === "vpn")) return [name, "***"];
    if (name === "idToken" && typeof inner === "string" && object["type"] === "KeyCode") return [name, "***"];
    if (secret && ["value", "attributeValue", "actualValue"].includes(name)) return [name, "***"];
    if (secret && name === "variableAttribute" && Array.isArray(inner)) {
      const attributes = inner.map((one: object) => ("value" in one ? { ...one, value: "***" } : one));
      return [name, maskedValue(attributes, name)];
    }
    return [name, maskedValue(inner, name)];
  });
  return Object.fromEntries(entries) as unknown;
}

describe("maskFrame", () => {
  test.each([
    [
      "ChangeConfiguration",
      '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"4142"}]',
      '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]',
    ],
    [
      "the value before the key, spaces, another case",
      '[2, "1", "ChangeConfiguration", { "value" : "41\\"42" , "key":"authorizationkey" }]',
      '[2, "1", "ChangeConfiguration", { "value" : "***" , "key":"authorizationkey" }]',
    ],
    [
      "the answer to GetConfiguration",
      '[3,"1",{"configurationKey":[{"key":"A","readonly":false,"value":"1"},{"key":"AuthorizationKey","readonly":false,"value":"x"}]}]',
      '[3,"1",{"configurationKey":[{"key":"A","readonly":false,"value":"1"},{"key":"AuthorizationKey","readonly":false,"value":"***"}]}]',
    ],
    [
      "SetVariables",
      '[2,"1","SetVariables",{"setVariableData":[{"attributeValue":"p","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}},{"attributeValue":"60","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}]',
      '[2,"1","SetVariables",{"setVariableData":[{"attributeValue":"***","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}},{"attributeValue":"60","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}]',
    ],
    [
      "SetNetworkProfile",
      '[2,"1","SetNetworkProfile",{"connectionData":{"basicAuthPassword":"a","vpn":{"user":"u","password":"b","key":"c"},"apn":{"apnUserName":"n","apnPassword":"d","simPin":1234}}}]',
      '[2,"1","SetNetworkProfile",{"connectionData":{"basicAuthPassword":"***","vpn":{"user":"u","password":"***","key":"***"},"apn":{"apnUserName":"n","apnPassword":"***","simPin":"***"}}}]',
    ],
    [
      "NotifyReport",
      '[2,"1","NotifyReport",{"reportData":[{"variable":{"name":"BasicAuthPassword"},"variableAttribute":[{"value":"x","mutability":"WriteOnly"}]}]}]',
      '[2,"1","NotifyReport",{"reportData":[{"variable":{"name":"BasicAuthPassword"},"variableAttribute":[{"value":"***","mutability":"WriteOnly"}]}]}]',
    ],
    [
      "a name that is hidden by an escape",
      '[2,"1","ChangeConfiguration",{"key":"Authorization\\u004bey","value":"4142"}]',
      '[2,"1","ChangeConfiguration",{"key":"Authorization\\u004bey","value":"***"}]',
    ],
    [
      "a password in a URL",
      '[2,"1","GetDiagnostics",{"location":"ftp://user:pass@host/x"}]',
      '[2,"1","GetDiagnostics",{"location":"ftp://user:***@host/x"}]',
    ],
    [
      "a value that is no text",
      '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":{"password":["a"]}}]',
      '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]',
    ],
    [
      "an id token that is a key code (C04.FR.04)",
      '[2,"1","Authorize",{"idToken":{"idToken":"1234","type":"KeyCode"},"x":{"type":"ISO14443","idToken":"04AB"}}]',
      '[2,"1","Authorize",{"idToken":{"idToken":"***","type":"KeyCode"},"x":{"type":"ISO14443","idToken":"04AB"}}]',
    ],
  ])("masks %s", (_what, text, masked) => {
    expect(maskFrame(text)).toBe(masked);
  });

  test("keeps nothing of a text that is no JSON and might hold a secret", () => {
    expect(maskFrame('[2,"1","ChangeConfiguration",{"value":"4142","key":"AuthorizationKey"')).not.toContain("4142");
    expect(maskFrame("no JSON and no secret")).toBe("no JSON and no secret");
  });

  test("holds out against deep nesting and long texts", () => {
    const deep = `${"[".repeat(100_000)}"password"${"]".repeat(100_000)}`;
    expect(maskFrame(deep).length).toBeLessThanOrEqual(deep.length);
    const long = JSON.stringify([2, "1", "X", { password: "p".repeat(1_000_000), other: "o".repeat(1_000_000) }]);
    expect(maskFrame(long)).toBe(JSON.stringify([2, "1", "X", { password: "***", other: "o".repeat(1_000_000) }]));
  });

  const name = fc.constantFrom(
    "key",
    "value",
    "variable",
    "name",
    "attributeValue",
    "vpn",
    "password",
    "Password",
    "idToken",
    "type",
    "a",
  );
  const text = fc.oneof(
    fc.constantFrom("AuthorizationKey", "BasicAuthPassword", "HeartbeatInterval", "KeyCode", "4142"),
    fc.string().filter((one) => !/password|passphrase|authorizationkey|@/i.test(one)),
  );
  const { frame } = fc.letrec<{ frame: unknown }>((tie) => ({
    frame: fc.oneof(
      { maxDepth: 5 },
      text,
      fc.integer(),
      fc.constantFrom(true, null),
      fc.array(tie("frame"), { maxLength: 4 }),
      fc.dictionary(name, tie("frame"), { maxKeys: 4, noNullPrototype: true }),
      fc.record({ key: text, value: text }),
      fc.record({ idToken: text, type: text }),
      fc.record({ attributeValue: text, variable: fc.record({ name: text }) }),
    ),
  }));

  test("masks what the rules say and nothing else, whatever the shape and the spacing", () => {
    fc.assert(
      fc.property(frame, fc.constantFrom(undefined, 1, "\t"), (value, space) => {
        // A variable in a list of variables is no shape of OCPP, and the two implementations need not agree about it.
        fc.pre(!/"variable":\s*\[/.test(JSON.stringify(value)));
        const masked = maskFrame(JSON.stringify(value, undefined, space));
        expect(JSON.parse(masked)).toEqual(maskedValue(value));
      }),
      { numRuns: 2_000 },
    );
  });

  test("leaves every text without a secret as it is, to the byte", () => {
    const harmless = fc.json().filter((one) => !/password|passphrase|authorizationkey|simpin|keycode|vpn|@/i.test(one));
    fc.assert(fc.property(harmless, (one) => maskFrame(one) === one));
    const masked = maskFrame('[ 2,"1" , "X",{"n":1.0,"e":1E3,"s":"\\u00e9\\/","password":"p"} ]');
    expect(masked).toBe('[ 2,"1" , "X",{"n":1.0,"e":1E3,"s":"\\u00e9\\/","password":"***"} ]');
  });
});
