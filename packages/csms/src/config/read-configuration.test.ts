import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigurationError } from "./configuration-error.ts";
import { configurationOf, type ReadConfiguration, readConfiguration } from "./read-configuration.ts";
import { settingList } from "./setting-list.ts";

interface World {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

function readWorld({ argv = [], env = {}, files = {} }: World): ReadConfiguration | ConfigurationError {
  return readConfiguration({ argv, env, cwd: "/w", readFile: (path) => files[path], programFolder: "/opt/csms" });
}

function goodWorld(world: World): ReadConfiguration {
  const read = readWorld(world);
  if (read instanceof ConfigurationError) throw read;
  return read;
}

function problemsOf(world: World): string[] {
  const read = readWorld(world);
  if (!(read instanceof ConfigurationError)) return [];
  return read.problems.map(({ name, text }) => `${name}: ${text}`);
}

describe("precedence", () => {
  const files = {
    "/w/.env": "OCPP_WEBSOCKET_PORT=3\nOCPP_CSMS_CONFIG=c.yaml\n",
    "/w/c.yaml": "webSocket:\n  port: 4\n",
  };
  const env = { OCPP_WEBSOCKET_PORT: "2" };

  test.each([
    ["a flag", { argv: ["--port", "1"], env, files }, 1, "flag --port"],
    ["the environment", { env, files }, 2, "environment OCPP_WEBSOCKET_PORT"],
    ["a .env file", { files }, 3, "file /w/.env, OCPP_WEBSOCKET_PORT"],
    [
      "the configuration file",
      { files: { ...files, "/w/.env": "OCPP_CSMS_CONFIG=c.yaml" } },
      4,
      "file /w/c.yaml, webSocket.port",
    ],
    ["the default", {}, 9000, "default"],
  ])("%s counts", (_what, world, port, source) => {
    const { configuration, sources } = goodWorld(world);
    expect(configuration.webSocket.port).toBe(port);
    expect(sources.get("webSocket.port")).toBe(source);
  });

  test("a variable for one setting counts more than one for several", () => {
    const files = { "/w/cert.pem": "", "/w/key.pem": "" };
    const { configuration } = goodWorld({ env: { OCPP_USE_TLS: "true", OCPP_CSMS_API_TLS_ENABLED: "off" }, files });
    expect([configuration.webSocket.tls.enabled, configuration.api.tls.enabled]).toEqual([true, false]);
  });

  test("an empty variable is none", () => {
    expect(goodWorld({ env: { OCPP_API_PORT: "" } }).configuration.api.port).toBe(9001);
  });
});

describe(".env files", () => {
  const places = ["/w/.env", "/opt/csms/.env", "/app/.env", "/etc/ocpp-server/.env", "/home/op/.ocpp-server.env"];

  test.each(places.map((place, index) => [place, index] as const))("are found: %s", (place, index) => {
    const files = Object.fromEntries(places.slice(index).map((path) => [path, `OCPP_SYSTEM_NAME=${path}`]));
    const { configuration, files: read } = goodWorld({ env: { HOME: "/home/op" }, files });
    expect(configuration.systemName).toBe(place);
    expect(read).toEqual([place]);
  });
});

describe("what is wrong", () => {
  test("is reported at once, with name, value and what is allowed", () => {
    expect(
      problemsOf({
        argv: ["--api-port=70000", "--portt", "1", "--db"],
        env: { OCPP_USE_TLS: "maybe", OCPP_API_KEY: "short", OCPP_CSMS_WEB_SOCKET_PROT: "1" },
        files: {
          "/w/.env": "DB_TYPE=mysql\nnonsense\nOCPP_CSMS_CONFIG=c.yaml",
          "/w/c.yaml": "webSocket:\n  hots: x\n  tls: yes\nstations: {unknown: refuse}\ntokens:\n  unknown: maybe\n",
        },
      }),
    ).toEqual([
      "flag --portt: there is no such flag. Did you mean --port?",
      '"1": is no flag, and no argument is expected here.',
      "flag --db: needs a value behind it.",
      "file /w/.env, line 2: is no NAME=value.",
      "environment OCPP_CSMS_WEB_SOCKET_PROT: there is no such variable. Did you mean OCPP_CSMS_WEB_SOCKET_PORT?",
      "file /w/c.yaml, webSocket.hots: there is no such setting. Did you mean webSocket.host?",
      "file /w/c.yaml, webSocket.tls: is a group of settings: enabled, cert, key, ca, revocationLists, organization, certificateRule, pinning, firstUse.",
      'environment OCPP_USE_TLS: "maybe" is not allowed; it must be true or false (also yes, no, on, off, 1, 0).',
      'file /w/c.yaml, tokens.unknown: "maybe" is not allowed; it must be one of refuse, accept.',
      'flag --api-port: "70000" is not allowed; it must be a whole number, from 0 to 65535.',
      "environment OCPP_API_KEY: *** is not allowed; it must be a text of at least 16 characters.",
      'environment OCPP_USE_TLS: "maybe" is not allowed; it must be true or false (also yes, no, on, off, 1, 0).',
      'file /w/.env, DB_TYPE: "mysql" is not allowed; it must be one of sqlite, postgres.',
    ]);
  });

  test("about the whole is reported, too", () => {
    expect(problemsOf({ argv: ["--port=9001", "--web-socket-tls-enabled"] })).toEqual([
      "api.port: 9001 is the port of webSocket.port already.",
      "webSocket.tls.cert: there is no file /w/cert.pem.",
      "webSocket.tls.key: there is no file /w/key.pem.",
    ]);
    const files = { "/w/a": "", "/w/b": "" };
    expect(problemsOf({ argv: ["--web-socket-secure-port=9443", "--web-socket-tls-cert=a,b"], files })).toEqual([
      "webSocket.tls.cert and webSocket.tls.key: there are 2 certificates and 1 keys; TLS needs at least one, each with its key.",
      "webSocket.tls.key: there is no file /w/key.pem.",
    ]);
  });

  test("about stations and id tokens as JSON is reported without them", () => {
    const env = { OCPP_CSMS_STATIONS_PREDEFINED: '[{"identity":"A","password":"hunter2-hunter2"' };
    const argv = ['--tokens-predefined=[{"token":"04AB","status":"Gone"}]'];
    expect(problemsOf({ env, argv })).toEqual([
      "environment OCPP_CSMS_STATIONS_PREDEFINED: begins as JSON and is not valid JSON; it must be a list of stations.",
      "flag --tokens-predefined: entry 1 has a status that there is not: it must be Accepted, Blocked, Expired, Invalid.",
    ]);
    const stations = '[{"identity":"A","password":"sixteen, or more letters"},{"identity":"B","booted":true}]';
    for (const given of [
      { argv: [`--stations-predefined=${stations}`] },
      { argv: ["--stations-predefined", stations] },
    ]) {
      expect(goodWorld(given).configuration.stations.predefined).toMatchObject(JSON.parse(stations) as object[]);
    }
    const variables = { OCPP_CSMS_STATIONS_PREDEFINED: stations, OCPP_CSMS_TOKENS_PREDEFINED: '["04AB"]' };
    const { configuration } = goodWorld({ env: variables });
    expect(configuration.stations.predefined).toMatchObject(JSON.parse(stations) as object[]);
    expect(configuration.tokens.predefined).toMatchObject([{ token: "04AB" }]);
  });

  test("about passwords that are too short is reported without them", () => {
    const stations = "[{identity: A, password: hunter2}, {identity: B}, {identity: C, password: sixteen-letters-}]";
    const files = { "/w/.env": "OCPP_CSMS_CONFIG=c.yaml", "/w/c.yaml": `stations: {predefined: ${stations}}` };
    expect(problemsOf({ files })).toEqual([
      "stations.predefined: A: the password must have 16 to 64 characters; stations.passwords.minLength says how few.",
    ]);
    expect(
      goodWorld({ files, argv: ["--stations-passwords-min-length=7"] }).configuration.stations.predefined,
    ).toHaveLength(3);
    expect(problemsOf({ argv: ["--stations-passwords-min-length=0"] })).toHaveLength(1);
  });

  test("about client certificates is reported as about anything else", () => {
    const argv = ["--web-socket-tls-certificate-rule=both", "--web-socket-tls-first-use=perhaps"];
    expect(problemsOf({ argv })).toEqual([
      'flag --web-socket-tls-certificate-rule: "both" is not allowed; it must be one of serial-number, identity.',
      'flag --web-socket-tls-first-use: "perhaps" is not allowed; it must be true or false (also yes, no, on, off, 1, 0).',
    ]);
  });

  test("never shows the value of a secret", () => {
    const problems = problemsOf({ env: { OCPP_API_KEY: "hunter2" }, argv: ["--store-postgres-port=x"] });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain("hunter2");
  });

  test("does not include variables of others, or those that never did anything", () => {
    const { warnings } = goodWorld({
      env: { OCPP_RESET_INTERVAL: "3600", OCPP_API_PROT: "1", OCPP_ZZZZZZZZZZZZ: "1" },
    });
    expect(warnings).toEqual([
      "environment OCPP_RESET_INTERVAL: has no effect; it had none in go-ocpp-server either.",
      "environment OCPP_API_PROT: is no variable of this CSMS, and is left out of account. Did you mean OCPP_API_PORT?",
    ]);
  });

  test("whatever is given, a configuration or an error comes back", () => {
    const flag = fc.constantFrom(...settingList.map(({ flags }) => `--${flags[0]}`), "--no-api-docs", "--config", "-x");
    const argument = fc.oneof(
      flag,
      fc.string(),
      fc.tuple(flag, fc.string()).map((pair) => pair.join("=")),
    );
    const variable = fc.constantFrom(...settingList.map(({ variables }) => variables[0]), "OCPP_CSMS_X");
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 6 }), fc.dictionary(variable, fc.string()), (argv, env) => {
        const read = readWorld({ argv, env });
        if (read instanceof ConfigurationError) expect(read.problems.length).toBeGreaterThan(0);
        else expect([...read.sources.keys()]).toEqual(settingList.map(({ path }) => path));
      }),
    );
  });
});

describe("values", () => {
  const at = (...argv: string[]): ReadConfiguration["configuration"] => goodWorld({ argv }).configuration;

  test("are read by their types", () => {
    expect(at("--web-socket-ping-interval=1.5m").webSocket.pingInterval).toBe(90);
    expect(at("--web-socket-max-payload=64K").webSocket.maxPayload).toBe(65_536);
    expect(at("--web-socket-security-profiles=2, 3,2").webSocket.securityProfiles).toEqual([2, 3]);
    expect(at("--host=localhost").webSocket.host).toBe("127.0.0.1");
    expect(at("--host=[::1]").webSocket.host).toBe("::1");
    expect(at("--web-socket-path=/ocpp/").webSocket.path).toBe("/ocpp");
    expect(at("--no-api-docs").api.docs).toBe(false);
    expect(at("--api-docs=off").api.docs).toBe(false);
    expect(at("--data=x").store.folder).toBe("/w/x");
    expect(at("--log-levels=gateway=debug,store=warn").log.levels).toEqual({ gateway: "debug", store: "warn" });
    expect(at("--plugins=./a.js,b").plugins).toEqual([{ module: "./a.js" }, { module: "b" }]);
    expect(at("--api-trust-proxy=10.0.0.0/8,::1").api.trustProxy).toEqual(["10.0.0.0/8", "::1"]);
    expect(at("--api-cors=https://ops.example.com").api.cors).toEqual(["https://ops.example.com"]);
  });

  test.each([
    "--port=-1",
    "--port=1e3",
    "--port=65536",
    "--port=0x50",
    "--web-socket-ping-interval=soon",
    "--web-socket-max-payload=1T",
    "--web-socket-security-profiles=4",
    "--web-socket-security-profiles=",
    "--host=1.2.3",
    "--host=a b",
    "--web-socket-path=ocpp",
    "--api-trust-proxy=10.0.0.0/33",
    "--api-cors=https://ops.example.com/",
    "--log-levels=gateway",
    "--log-levels=gateway=loud",
    "--log-level=verbose",
  ])("that are none are refused: %s", (flag) => {
    expect(problemsOf({ argv: [flag] })).toHaveLength(1);
  });
});

describe("configurationOf", () => {
  test("takes what a program sets, and the defaults for the rest", () => {
    const configuration = configurationOf({ webSocket: { port: 1 }, stations: { unknown: "accept" } });
    expect([configuration.webSocket.port, configuration.api.port]).toEqual([1, 9001]);
    expect(configuration.stations.unknown).toBe("accept");
  });

  test("throws for what is not allowed", () => {
    expect(() => configurationOf({ webSocket: { port: -1 } })).toThrow(ConfigurationError);
    expect(() => configurationOf({ webSocket: { prot: 1 } } as object)).toThrow(
      "webSocket.prot: there is no such setting",
    );
  });
});
