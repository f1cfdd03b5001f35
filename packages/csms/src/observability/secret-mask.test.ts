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

  const data = (value: unknown): string => JSON.stringify([2, "1", "DataTransfer", { vendorId: "Acme", data: value }]);
  const nested = (value: unknown): string => JSON.stringify(value);
  test.each([
    ["JSON in a text", nested({ token: "s", mode: 1 }), nested({ token: "***", mode: 1 })],
    ["an object", { wifi: { ssid: "a", passphrase: "s" } }, { wifi: { ssid: "a", passphrase: "***" } }],
    ["a list in a text", nested([{ apiKey: "s" }]), nested([{ apiKey: "***" }])],
    [
      "JSON in JSON",
      nested({ inner: nested({ clientSecret: "s" }) }),
      nested({ inner: nested({ clientSecret: "***" }) }),
    ],
    ["a URL in JSON", nested({ url: "https://h/?sig=s&a=1" }), nested({ url: "https://h/?sig=***&a=1" })],
    ["JSON that is cut off", '{"token":"s","mo', "*** (no JSON, and not kept since it might hold a secret)"],
    ["an id token", nested({ idToken: "04AB", key: "Mode" }), nested({ idToken: "04AB", key: "Mode" })],
    ["a text about them", "the token is gone", "the token is gone"],
  ])("masks what vendors name a secret in a DataTransfer: %s", (_what, value, masked) => {
    expect(maskFrame(data(value))).toBe(data(masked));
    const custom = (one: unknown): string =>
      JSON.stringify([2, "1", "Heartbeat", { customData: { vendorId: "Acme", more: one } }]);
    expect(maskFrame(custom(value))).toBe(custom(masked));
  });

  test("looks for vendors' names nowhere else", () => {
    const frame = '[2,"1","X",{"token":"a","data2":{"secret":"b"},"certificate":"c","key":"Mode","value":"1"}]';
    expect(maskFrame(frame)).toBe(frame);
  });

  test("keeps no planted secret of a vendor, however deep in texts it stands, and what is beside it", () => {
    const field = fc.constantFrom("token", "accessToken", "api_key", "SECRET", "passwd", "userPassword", "credentials");
    const levels = fc.array(fc.constantFrom("text", "object", "list"), { maxLength: 7 });
    fc.assert(
      fc.property(field, levels, (name, shape) => {
        let value: unknown = { [name]: "PLANTED", beside: "kept" };
        for (const level of shape) {
          if (level === "text") value = JSON.stringify(value);
          else value = level === "list" ? [value] : { inner: value };
        }
        const masked = maskFrame(data(value));
        expect(masked).not.toContain("PLANTED");
        const texts = shape.filter((level) => level === "text").length;
        if (texts <= 4) expect(masked).toContain("kept");
        JSON.parse(masked);
      }),
      { numRuns: 500 },
    );
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
    fc.string().filter((one) => !/password|passphrase|authorizationkey|[@=]/i.test(one)),
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

  test("takes no longer for values that stand under many lists of attributes", () => {
    const depth = 60_000;
    const values = Array.from({ length: 40_000 }, () => '"value":1').join();
    const text = `{"password":1,"variableAttribute":${"[".repeat(depth)}{${values}}${"]".repeat(depth)}}`;
    const start = performance.now();
    expect(maskFrame(text)).toContain('"password":"***"');
    // A third of a second on a quiet machine; more than two minutes where each list copies its values.
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test("leaves every text without a secret as it is, to the byte", () => {
    const harmless = fc
      .json()
      .filter((one) => !/password|passphrase|authorizationkey|simpin|keycode|vpn|[@=]/i.test(one));
    fc.assert(fc.property(harmless, (one) => maskFrame(one) === one));
    const masked = maskFrame('[ 2,"1" , "X",{"n":1.0,"e":1E3,"s":"\\u00e9\\/","password":"p"} ]');
    expect(masked).toBe('[ 2,"1" , "X",{"n":1.0,"e":1E3,"s":"\\u00e9\\/","password":"***"} ]');
  });
});
