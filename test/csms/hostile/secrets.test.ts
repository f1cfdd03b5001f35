import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Player, play } from "../conformance/support/player.ts";
import { operationsOf, readDocument } from "../rest-contract/api-document.ts";
import { everythingTold } from "./outlets.ts";
import { openStage, type Stage } from "./stage.ts";

/* A scenario with every secret that there is, each one to be told from the others; and then a look at all that came out. */

const configured = "marker-configuration-key-01";
const secrets = {
  predefined: "marker-predefined-02",
  created: "marker-created-03",
  put: "marker-put-04",
  authorizationKey: "marker-authorization-05",
  seed: "marker-seed-06",
  pushed: "marker-pushed-07",
  refused: "marker-refused-08",
  malformed: "marker-malformed-09",
  variable: "marker-variable-10",
  apn: "marker-apn-11",
  vpn: "marker-vpn-12",
  vpnKey: "marker-vpnkey-13",
  profile: "marker-profile-14",
  job: "marker-job-15",
  wrong: "marker-wrong-16",
  wrongKey: "marker-wrong-key-17",
  query: "marker-query-18",
  ftp: "marker-ftp-19",
  toldBy16: "marker-told-20",
  toldBy201: "marker-told-21",
  signedUrl: "marker-signed-22",
  uploadUrl: "marker-upload-23",
  webhookUrl: "marker-hook-24",
  vendorText: "marker-vendor-25",
  vendorObject: "marker-vendor-26",
  sentToVendor: "marker-vendor-27",
} as const;

/** The forms in which a secret may stand somewhere. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString("base64").replace(/=+$/, "").slice(0, -1),
    bytes.toString("hex"),
  ];
}

let stage: Stage;
let old: Player;
let young: Player;
let newest: Player;
let apiKey = "";
let webhookSecret = "";
const answers: string[] = [];
const delivered: string[] = [];
let streamed = "";
const stop = new AbortController();
const receiver = createServer((request, response) => {
  request.on("data", (data: Buffer) => delivered.push(data.toString()));
  request.on("end", () => response.end());
});

/** Asks REST, and keeps what it answers. */
async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await stage.operator.request(method, path, body);
  answers.push(
    `${method} ${path.split("?")[0] ?? ""} ${JSON.stringify(answer.body)} ${JSON.stringify(Object.fromEntries(answer.headers))}`,
  );
  return answer.body;
}

async function follow(): Promise<void> {
  const response = await fetch(`${stage.apiUrl}/api/v1/events/stream`, {
    headers: { "x-api-key": configured },
    signal: stop.signal,
  });
  expect(response.status).toBe(200);
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) streamed += decoder.decode(chunk as Uint8Array, { stream: true });
  };
  read().catch(() => {});
}

const variable = (attributeValue: string) => ({
  setVariableData: [{ component: { name: "SecurityCtrlr" }, variable: { name: "BasicAuthPassword" }, attributeValue }],
});
const accepted = {
  setVariableResult: [
    { attributeStatus: "Accepted", component: { name: "SecurityCtrlr" }, variable: { name: "BasicAuthPassword" } },
  ],
};
const profile = {
  configurationSlot: 1,
  connectionData: {
    ocppVersion: "OCPP20",
    ocppTransport: "JSON",
    ocppCsmsUrl: `ws://user:${secrets.ftp}@127.0.0.1/x`,
    messageTimeout: 30,
    securityProfile: 1,
    ocppInterface: "Wired0",
    apn: { apn: "internet", apnUserName: "u", apnPassword: secrets.apn, simPin: 4711, apnAuthentication: "CHAP" },
    vpn: { server: "vpn", user: "u", password: secrets.vpn, key: secrets.vpnKey, type: "IPSec" },
  },
};

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    receiver.listen(0, "127.0.0.1", resolve);
  });
  stage = await openStage(
    {
      api: { key: configured },
      stations: { predefined: [{ identity: "PRE", password: secrets.predefined }] },
      messageLog: { enabled: true, bodies: true },
      webhooks: { allowedNetworks: ["127.0.0.0/8"] },
    } as never,
    { apiKey: configured },
  );
  await follow();
  const { port } = receiver.address() as AddressInfo;
  const hook = await stage.operator.post<{ secret: string }>("/api/v1/webhooks", { url: `http://127.0.0.1:${port}/` });
  webhookSecret = hook.secret;
  ({ key: apiKey } = await stage.operator.post<{ key: string }>("/api/v1/keys", { name: "second", role: "viewer" }));
  for (const id of ["OLD", "YOUNG", "NEWEST"]) {
    await ask("POST", "/api/v1/stations", { id, registration: "Accepted", password: secrets.created });
  }
  const password = secrets.created;
  old = await play({ url: stage.url, identity: "OLD", protocol: "ocpp1.6", password });
  young = await play({ url: stage.url, identity: "YOUNG", password });
  newest = await play({ url: stage.url, identity: "NEWEST", protocol: "ocpp2.1", password });
  await old.say("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Old" });
  for (const player of [young, newest]) {
    await player.say("BootNotification", { reason: "PowerUp", chargingStation: { vendorName: "A", model: "B" } });
  }
});
afterAll(async () => {
  stop.abort();
  await Promise.all([old, young, newest].map((player) => player?.close()));
  await stage.close();
  receiver.closeAllConnections();
  receiver.close();
});

describe("a scenario with every secret", () => {
  it("runs", async () => {
    const call = (id: string, action: string, payload: object): Promise<unknown> =>
      ask("POST", `/api/v1/stations/${id}/calls/${action}`, payload);
    const key = (value: string) => ({ key: "AuthorizationKey", value });
    await Promise.all([
      old.expect("ChangeConfiguration", { status: "Accepted" }),
      call("OLD", "ChangeConfiguration", key(secrets.authorizationKey)),
    ]);
    await Promise.all([
      old.expect("ChangeConfiguration", { status: "Rejected" }),
      call("OLD", "ChangeConfiguration", key(secrets.refused)),
    ]);
    await Promise.all([
      old.expect("ChangeConfiguration", { status: "Accepted" }),
      ask("POST", "/api/commands/change-configuration", { chargePointId: "OLD", ...key(secrets.seed) }),
    ]);
    await Promise.all([
      old.expect("ChangeConfiguration", { status: "Accepted" }),
      ask("PUT", "/api/v1/stations/OLD/password", { password: secrets.pushed, push: true }),
    ]);
    await Promise.all([
      old.expect("GetDiagnostics", {}),
      call("OLD", "GetDiagnostics", { location: `ftp://user:${secrets.ftp}@127.0.0.1/logs` }),
    ]);
    const signed = `https://bucket.example/fw.bin?X-Amz-Date=1&X-Amz-Signature=${secrets.signedUrl}`;
    const firmware = { location: signed, retrieveDate: "2030-01-01T00:00:00Z" };
    await Promise.all([old.expect("UpdateFirmware", {}), call("OLD", "UpdateFirmware", firmware)]);
    await Promise.all([
      old.expect("GetDiagnostics", {}),
      ask("POST", "/api/v1/jobs", {
        action: "GetDiagnostics",
        payload: { location: `https://logs.example/up?sig=${secrets.uploadUrl}&page=1` },
        stationIds: ["OLD"],
      }),
    ]);
    const toVendor = { vendorId: "Acme", data: JSON.stringify({ mode: "visible-mode", token: secrets.sentToVendor }) };
    await Promise.all([
      old.expect("DataTransfer", { status: "Accepted", data: JSON.stringify({ apiKey: secrets.sentToVendor }) }),
      call("OLD", "DataTransfer", toVendor),
    ]);
    await ask("POST", "/api/v1/webhooks", {
      url: `https://hooks.example/in?token=${secrets.webhookUrl}`,
      active: false,
    });
    const told = { configurationKey: [{ key: "AuthorizationKey", readonly: false, value: secrets.toldBy16 }] };
    await Promise.all([old.expect("GetConfiguration", told), call("OLD", "GetConfiguration", {})]);
    await Promise.all([
      old.expect("GetConfiguration", told),
      ask("GET", "/api/commands/get-configuration?chargePointId=OLD"),
    ]);
    await Promise.all([
      young.expect("SetVariables", accepted),
      call("YOUNG", "SetVariables", variable(secrets.variable)),
    ]);
    await Promise.all([
      young.expect("SetNetworkProfile", { status: "Accepted" }),
      call("YOUNG", "SetNetworkProfile", profile),
    ]);
    const toldNow = {
      ...variable("").setVariableData[0],
      attributeStatus: "Accepted",
      attributeValue: secrets.toldBy201,
    };
    await Promise.all([
      young.expect("GetVariables", { getVariableResult: [toldNow] }),
      call("YOUNG", "GetVariables", {
        getVariableData: [{ ...accepted.setVariableResult[0], attributeStatus: undefined }],
      }),
    ]);
    await Promise.all([
      newest.expect("SetNetworkProfile", { status: "Accepted" }),
      call("NEWEST", "SetNetworkProfile", {
        ...profile,
        connectionData: { ...profile.connectionData, basicAuthPassword: secrets.profile, identity: "NEWEST" },
      }),
    ]);
    const [, job] = await Promise.all([
      newest.expect("SetVariables", accepted),
      ask("POST", "/api/v1/jobs", {
        action: "SetVariables",
        payload: variable(secrets.job),
        stationIds: ["NEWEST"],
      }),
    ]);
    expect(job).toHaveProperty("id");

    // What goes wrong must not tell either.
    await call("OLD", "ChangeConfiguration", {
      key: "AuthorizationKey",
      value: secrets.malformed,
      more: secrets.malformed,
    });
    await call("YOUNG", "SetVariables", { setVariableData: [{ password: secrets.malformed }] });
    await ask("PUT", "/api/v1/stations/YOUNG/password", { password: [secrets.malformed] });
    await ask("PUT", "/api/v1/stations/NOBODY/password", { password: secrets.put });
    await ask("PUT", "/api/v1/stations/YOUNG/password", { password: secrets.put });
    await ask("GET", `/api/nothing?api_key=${secrets.query}`);
    const wrong = await fetch(`${stage.apiUrl}/api/v1/keys`, {
      headers: { authorization: `Bearer ${secrets.wrongKey}` },
    });
    answers.push(await wrong.text());
    for (const identity of ["OLD", "PRE", "NOBODY"]) {
      await expect(play({ url: stage.url, identity, password: secrets.wrong })).rejects.toThrow(/refused/);
    }
    // And a secret of the right sort in the wrong place.
    await old.ask("DataTransfer", {
      vendorId: "Acme",
      data: `Basic ${Buffer.from(`OLD:${secrets.created}`).toString("base64")}`,
    });
    await old.ask("DataTransfer", {
      vendorId: "Acme",
      data: JSON.stringify({ login: { clientSecret: secrets.vendorText } }),
    });
    await young.ask("DataTransfer", { vendorId: "Acme", data: { wifi: [{ passphrase: secrets.vendorObject }] } });
    old.frame(`[2,"x","ChangeConfiguration",{"key":"AuthorizationKey","value":"${secrets.toldBy16}"}]`);
    old.frame(`{"key":"AuthorizationKey","value":"${secrets.toldBy16}"`);
    expect((await stage.operator.get<unknown[]>("/api/v1/commands?limit=1000")).length).toBeGreaterThan(8);
    await expect.poll(() => delivered.join("").includes("SetVariables"), { timeout: 10_000 }).toBe(true);
    await expect.poll(() => streamed.includes("SetVariables"), { timeout: 10_000 }).toBe(true);
  });

  const expectNone = (text: string, what: string, also: readonly string[], known: readonly string[] = []): void => {
    const lower = text.toLowerCase();
    for (const [name, secret] of [...Object.entries(secrets), ...also.map((one) => ["key", one] as const)]) {
      if (known.includes(secret)) continue;
      for (const form of formsOf(secret)) {
        const at = lower.indexOf(form.toLowerCase());
        expect(at < 0 ? "" : text.slice(Math.max(0, at - 300), at + 60), `${name} in ${what}`).toBe("");
      }
    }
  };
  const keys = (): string[] => [configured, apiKey, webhookSecret];

  it("tells none of them in an answer of REST", async () => {
    for (const answer of answers) expectNone(answer, "an answer", keys());
    const told = await everythingTold(stage.operator, operationsOf(await readDocument(stage.apiUrl)));
    expect(told.size).toBeGreaterThan(60);
    // What is no secret stays.
    const all = Array.from(told.values()).join("");
    for (const kept of ["bucket.example/fw.bin?X-Amz-Date=1", "logs.example", "hooks.example", "visible-mode"]) {
      expect(all).toContain(kept);
    }
    for (const [path, text] of told) expectNone(text, path, keys());
  });

  it("tells none of them in an event, by stream or webhook", () => {
    expectNone(streamed, "the stream", keys());
    for (const body of delivered) expectNone(body, "a webhook", keys());
  });

  it("writes none of them into its log", () => {
    expect(stage.lines.length).toBeGreaterThan(20);
    for (const line of stage.lines) expectNone(line, "the log", keys());
  });

  it("keeps none of them readable in its files", async () => {
    // What webhooks are signed with, and where they go, must be known to whoever sends them.
    expectNone(await stage.files(), "the database", [configured, apiKey], [secrets.webhookUrl]);
  });
});
