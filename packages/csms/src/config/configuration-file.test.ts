import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { type ConfigurationFile, readConfigurationFile } from "./configuration-file.ts";
import { parseFile } from "./file-format.ts";

function read(files: Readonly<Record<string, string>>, path = "/w/c"): ConfigurationFile {
  return readConfigurationFile(path, "/w", (name) => files[name]);
}

function valuesOf(file: ConfigurationFile): Record<string, unknown> {
  return Object.fromEntries([...file.values].map(([path, { value }]) => [path, value]));
}

/** As the example of iclay/ocpp has it, but for the keys of a distributed system. */
const pairs = `#You can customize your configuration file

service_addr 0.0.0.0
service_uri /ocpp/:name/:id

[section]
ws_enable on
ws_port 8090

wss_enable on
wss_port 8091
tls_cert certpath
tls_key keypath

heartbeat_timeout 30
response_timeout 5
use_convert on
use_epoll off

log_path /ocpp/log
log_level warning
log_max_disk_usage 5G
log_max_file_num 10`;

const expected = {
  "webSocket.host": "0.0.0.0",
  "webSocket.path": "/ocpp",
  "webSocket.port": "8090",
  "webSocket.securePort": "8091",
  "webSocket.tls.enabled": false,
  "webSocket.tls.cert": "certpath",
  "webSocket.tls.key": "keypath",
  "webSocket.pingInterval": 15,
  "webSocket.pingTimeout": 15,
  "commands.timeout": "5",
  "log.folder": "/ocpp/log",
  "log.level": "warn",
  "log.maxDiskUsage": "5G",
  "log.maxSize": 536_870_912,
  "log.maxFiles": 10,
};

describe("files of iclay/ocpp", () => {
  test("are read as they are, both listeners on", () => {
    const file = read({ "/w/c": pairs });
    expect(file.problems).toEqual([]);
    expect(valuesOf(file)).toEqual(expected);
    expect(file.values.get("webSocket.port")?.source).toBe("file /w/c, line 8, ws_port");
    expect(file.warnings).toHaveLength(2);
    expect(file.warnings.join("\n")).toContain("use_convert");
  });

  test("can be written as YAML or JSON, and mixed with settings, which count more", () => {
    const lines = pairs.split("\n").filter((line) => /^\w/.test(line));
    const keys = Object.fromEntries(lines.map((line) => line.split(" ") as [string, string]));
    expect(valuesOf(read({ "/w/c": stringify(keys) }))).toEqual(expected);
    expect(valuesOf(read({ "/w/c": JSON.stringify(keys) }))).toEqual(expected);
    const mixed = read({ "/w/c": JSON.stringify({ ...keys, webSocket: { port: 1 } }) });
    expect(mixed.problems).toEqual([]);
    expect(valuesOf(mixed)).toEqual({ ...expected, "webSocket.port": 1 });
  });

  test.each([
    ["ws_enable on\nws_port 1", { "webSocket.port": "1" }],
    ["ws_enable off\nwss_enable yes\nwss_port 2", { "webSocket.port": "2", "webSocket.tls.enabled": true }],
    ["ws_port 1\nwss_enable 0", { "webSocket.port": "1", "webSocket.tls.enabled": false }],
    ["service_uri /:id", { "webSocket.path": "/" }],
    ["log_level panic", { "log.level": "fatal" }],
  ])("say which listeners there are: %j", (text, values) => {
    const file = read({ "/w/c": text });
    expect(file.problems).toEqual([]);
    expect(valuesOf(file)).toEqual(values);
  });

  test.each([
    ["etcd_list 127.0.0.1:2379", "file /w/c, line 1, etcd_list", "one process does everything"],
    ["etcd_base_path /ocpp", "file /w/c, line 1, etcd_base_path", "one process does everything"],
    ["rpc_addr 10.66.0.50:9990", "file /w/c, line 1, rpc_addr", "by REST"],
    ["ws_enable off\nwss_enable off", "file /w/c, line 1, ws_enable", "nothing would listen"],
    ["wss_enable on", "file /w/c, wss_enable", "needs a wss_port"],
    ["service_uri /ocpp/:name", "file /w/c, line 1, service_uri", "ends in /:id"],
    ["ws_prot 1", "file /w/c, line 1, ws_prot", "Did you mean ws_port?"],
  ])("are refused where they cannot be meant: %j", (text, name, reason) => {
    const { problems } = read({ "/w/c": `${text}\nservice_addr 0.0.0.0` });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.text).toContain(reason);
    if (!name.endsWith("wss_enable")) expect(problems[0]?.name).toBe(name);
  });
});

test("a line of iclay/ocpp without a value is refused", () => {
  expect(read({ "/w/c": "service_addr 0.0.0.0\nws_port" }).problems).toEqual([
    { name: "file /w/c", text: 'line 2: "ws_port" has no value.' },
  ]);
});

describe("files of CoderSergiy/ocpp16-go", () => {
  test("are read as they are", () => {
    const text = `{
    "MaxQueueSize" : 100,
    "Chargers": [ { "Name": "CP0001_V1", "Authorization": "NIOERVB8REBOTIEBNRQ==", "HeartBeatInterval": 10 } ]
}`;
    const file = read({ "/w/c": text });
    expect(file.problems).toEqual([]);
    expect(valuesOf(file)).toEqual({
      "commands.queueLimit": 100,
      "stations.predefined": [{ Name: "CP0001_V1", Authorization: "NIOERVB8REBOTIEBNRQ==", HeartBeatInterval: 10 }],
    });
  });
});

describe("include", () => {
  test("of lines: what comes later counts", () => {
    const more = "ws_port 2\nresponse_timeout 2\n";
    expect(valuesOf(read({ "/w/c": "ws_port 1\ninclude more\nresponse_timeout 1", "/w/more": more }))).toEqual({
      "webSocket.port": "2",
      "commands.timeout": "1",
    });
  });

  test("of a tree: what the file says itself counts, wherever the include stands", () => {
    const files = { "/w/c": "api: {port: 1}\ninclude: [sub/a.yaml, b.json]", "/w/b.json": '{"api":{"host":"::1"}}' };
    const nested = {
      "/w/sub/a.yaml": "api: {port: 2, docs: false}\ninclude: b.yaml",
      "/w/sub/b.yaml": "systemName: x",
    };
    expect(valuesOf(read({ ...files, ...nested }))).toEqual({
      "api.port": 1,
      "api.docs": false,
      "api.host": "::1",
      systemName: "x",
    });
  });

  test("may be beside the file, or where the process runs", () => {
    expect(valuesOf(read({ "/etc/c": "include more", "/w/more": "ws_port 1" }, "/etc/c"))).toEqual({
      "webSocket.port": "1",
    });
  });

  test("in a circle, or of no file, is refused", () => {
    expect(read({ "/w/c": "include: d", "/w/d": "include: c" }).problems).toMatchObject([{ name: "file /w/c" }]);
    expect(read({ "/w/c": "include: d" }).problems).toEqual([{ name: "file /w/d", text: "there is no such file." }]);
    expect(read({ "/w/c": "include: 3" }).problems).toHaveLength(1);
  });
});

describe("a file that is broken", () => {
  test.each([
    ["- a\n- b", "must hold settings by their names"],
    ["a: b: c", "line 1"],
    ['{"api":{"port":1},"api":{}}', "line 1"],
    ["a: &a [*a]", "api"],
    ["", ""],
  ])("says so: %j", (text, reason) => {
    const { problems } = read({ "/w/c": text });
    expect(problems.length).toBe(reason === "" ? 0 : 1);
    if (reason !== "api") expect(problems[0]?.text ?? "").toContain(reason);
  });

  test("does not show what might be a secret", () => {
    const { problems } = read({ "/w/c": "api:\n  key: 'hunter2hunter2\nx: {" });
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });

  test("cannot reach what all objects have", () => {
    const { values, problems } = read({ "/w/c": '{"__proto__":{"port":1},"constructor":{},"api":{"toString":1}}' });
    expect(values.size).toBe(0);
    expect(problems).toHaveLength(3);
  });
});

describe("parseFile", () => {
  test("never throws, and reads what was written, in each of the formats", () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseFile(text).entries)));
    const key = fc
      .stringMatching(/^[a-z][a-z0-9_]{0,9}$/)
      .filter((word) => !/^(?:y|n|yes|no|on|off|true|false|null)$/.test(word));
    const word = fc.stringMatching(/^[A-Za-z0-9/._-][A-Za-z0-9:/._-]{0,9}$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(key, word), { minLength: 1, selector: ([name]) => name }), (written) => {
        const lines = written.map((pair) => pair.join(" ")).join("\n# comment\n[x]\n");
        expect(parseFile(lines)).toMatchObject({
          format: "pairs",
          entries: written.map(([name, value]) => ({ key: name, value })),
        });
        const object = Object.fromEntries(written);
        for (const text of [JSON.stringify(object), JSON.stringify(object, undefined, 2), stringify(object)]) {
          const { format, entries, problems } = parseFile(text);
          expect([format, problems]).toEqual(["tree", []]);
          expect(entries).toEqual(written.map(([name, value]) => ({ key: name, value })));
        }
      }),
    );
  });
});
