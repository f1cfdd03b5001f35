import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type Player, play, RefusedError } from "../conformance/support/player.ts";
import { type Operation, operationsOf, readDocument } from "../rest-contract/api-document.ts";
import { corpus, lines, sql } from "./corpus.ts";
import { expectHarmless } from "./log-lines.ts";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;
let operations: Operation[];
let old: Player;
let young: Player;

const seg = encodeURIComponent;
const now = (): string => new Date().toISOString();
const fits = (text: string, length: number): boolean => Array.from(text).length <= length;

beforeAll(async () => {
  stage = await openStage({ tokens: { unknown: "accept" }, webSocket: { callRate: { perSecond: 0 } } });
  operations = operationsOf(await readDocument(stage.apiUrl));
  for (const id of ["OLD", "YOUNG"]) await stage.operator.post("/api/v1/stations", { id, registration: "Accepted" });
  old = await play({ url: stage.url, identity: "OLD", protocol: "ocpp1.6" });
  await old.say("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Old" });
  young = await play({ url: stage.url, identity: "YOUNG" });
  await young.say("BootNotification", { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Young" } });
});
afterAll(async () => {
  await old.close();
  await young.close();
  await stage.close();
});

/** Expects that a message was taken, or refused by its schema, and nothing worse. */
function expectOrderly(answer: Answer, allowed: boolean, what: string): void {
  if (allowed) expect(answer, what).toHaveProperty("result");
  else expect(answer, what).toHaveProperty("error", "PropertyConstraintViolation");
}

describe("what a station says of itself and of what it does", () => {
  it("is kept as it is", async () => {
    for (const text of corpus) await tell(text);
  });

  const tell = async (text: string): Promise<void> => {
    // Of a BootNotification, texts that are too long are let pass.
    await old.say("BootNotification", {
      chargePointVendor: text,
      chargePointModel: text,
      chargePointSerialNumber: text,
      firmwareVersion: text,
      meterType: text,
    });
    expect(await stage.operator.get("/api/v1/stations/OLD")).toMatchObject({
      vendor: text,
      model: text,
      serialNumber: text,
      firmwareVersion: text,
      meterType: text,
    });
    const status = { connectorId: 1, status: "Faulted", errorCode: "OtherError", info: text, vendorErrorCode: text };
    expectOrderly(await old.ask("StatusNotification", status), fits(text, 50), "StatusNotification");
    if (fits(text, 50)) {
      const statuses = await stage.operator.get<unknown[]>("/api/v1/stations/OLD/statuses?limit=1");
      expect(statuses[0]).toMatchObject({ info: text, vendorErrorCode: text });
    }
    const event = { type: text, timestamp: now(), techInfo: text };
    expectOrderly(await old.ask("SecurityEventNotification", event), fits(text, 50), "SecurityEventNotification");
    if (fits(text, 50)) {
      const events = await stage.operator.get<unknown[]>(`/api/v1/security-events?stationId=OLD&limit=1`);
      expect(events[0]).toMatchObject({ type: text, techInfo: text });
    }
    const transfer = await old.ask("DataTransfer", { vendorId: text, messageId: "m", data: text });
    expect(transfer).toMatchObject({ result: { status: "UnknownVendorId" } });
    const free = await young.ask("DataTransfer", {
      vendorId: text,
      data: { deep: [text], [text]: text },
      customData: { vendorId: text, [text]: 1 },
    });
    expect(free).toMatchObject({ result: { status: "UnknownVendorId" } });
  };

  it("finds the transactions of its id token, and no others", async () => {
    for (const text of corpus) await charge(text);
  });

  const charge = async (text: string): Promise<void> => {
    const start = { connectorId: 1, idTag: text, meterStart: 0, timestamp: now() };
    const answer = await old.ask("StartTransaction", start);
    expectOrderly(answer, fits(text, 20), "StartTransaction");
    if ("result" in answer) {
      const { transactionId } = answer.result;
      await old.say("StopTransaction", { transactionId, idTag: text, meterStop: 1, timestamp: now() });
      const found = await stage.operator.get<{ transactionId: string; idToken: string }[]>(
        `/api/v1/transactions?idToken=${seg(text)}&protocol=ocpp1.6`,
      );
      expect(found.map((one) => [one.transactionId, one.idToken])).toEqual([[String(transactionId), text]]);
    }
    const id = `of ${text}`.slice(0, 36);
    const begun = await young.ask("TransactionEvent", {
      eventType: "Started",
      timestamp: now(),
      triggerReason: "Authorized",
      seqNo: 0,
      transactionInfo: { transactionId: id },
      idToken: { idToken: text, type: "ISO14443", additionalInfo: [{ additionalIdToken: text, type: text }] },
    });
    expectOrderly(begun, fits(text, 36), "TransactionEvent");
    if (fits(text, 36)) {
      const found = await stage.operator.get<{ transactionId: string; idToken: string }[]>(
        `/api/v1/transactions?transactionId=${seg(id)}&stationId=YOUNG`,
      );
      expect(found.map((one) => [one.transactionId, one.idToken])).toEqual([[id, text]]);
    }
  };

  it("is never a formula in a report", async () => {
    const csv = await fetch(
      new URL("/api/v1/reports/energy?startDate=2020-01-01&endDate=2099-01-01&format=csv", stage.apiUrl),
    );
    const text = await csv.text();
    expect(text).toContain("cmd|");
    expect(text).not.toMatch(/(?:^|,|\n)"?[=+@]/);
  });
});

describe("an identity", () => {
  it("is one station's, or none", async () => {
    for (const text of corpus) await attempt(text);
  });

  const attempt = async (text: string): Promise<void> => {
    const lax = await stage.operator.request("POST", "/api/v1/stations", {
      id: text,
      registration: "Accepted",
      note: text,
    });
    expect([201, 400, 409], JSON.stringify(lax.body)).toContain(lax.status);
    const socket = await play({ url: stage.url, identity: text }).catch((error: unknown) => error);
    if (socket instanceof RefusedError) expect([400, 404]).toContain(socket.status);
    else if (socket instanceof Error) {
      // Steps of a path that a client resolves itself leave nothing to ask for.
      expect([".", ".."]).toContain(text);
      return;
    } else {
      expect(lax.status).toBe(201);
      const player = socket as Player;
      await player.close();
    }
    if (lax.status === 201) {
      const found = await stage.operator.request("GET", `/api/v1/stations/${seg(text)}`);
      if (![".", ".."].includes(text)) expect(found.body).toMatchObject({ id: text, note: text });
    }
  };

  it("is never made of what is no path", async () => {
    const { port } = new URL(stage.url);
    const targets = [
      "/../../OLD",
      "//OLD",
      "/OLD/..",
      "/OLD%2f..",
      "/%",
      "/%ZZ",
      "/%00",
      "/%0d%0aX-Injected:%20yes",
      "/%c0%ae",
      `/${"x".repeat(5_000)}`,
      "http://127.0.0.1/OLD",
      "/OLD?a=/b",
      "*",
    ];
    for (const target of targets) {
      const answer = await handshake(Number(port), target);
      expect(answer, target).toMatch(/^HTTP\/1\.1 (?:101|4\d\d) /);
      expect(answer.toLowerCase(), target).not.toMatch(/^x-injected/m);
    }
    expect(await stage.operator.get("/api/v1/stations/OLD")).toMatchObject({ id: "OLD" });
  });
});

/** The head of the answer to a handshake for a target that is sent as it is. */
async function handshake(port: number, target: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n`,
  );
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.once("data", (data) => resolve(data.toString("latin1")));
      socket.once("close", () => resolve("closed"));
      socket.once("error", reject);
    });
  } finally {
    socket.destroy();
  }
}

describe("what a client of REST sends", () => {
  it("is kept, found and removed as it is", async () => {
    for (const text of corpus) {
      const path = `/api/v1/tokens/${seg(text)}`;
      if ([".", ".."].includes(text)) continue;
      await stage.operator.put(path, { note: text, groupId: text });
      expect(await stage.operator.get(path)).toMatchObject({ idToken: text, note: text, groupId: text });
    }
    const all = await stage.operator.get<{ idToken: string; note: string | null }[]>("/api/v1/tokens?limit=1000");
    const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    for (const text of corpus) {
      const found = await stage.operator.get<{ idToken: string }[]>(`/api/v1/tokens?text=${seg(text)}&limit=1000`);
      const holding = all.filter((one) =>
        [one.idToken, one.note ?? ""].some((own) => lower(own).includes(lower(text))),
      );
      expect(new Set(found.map(({ idToken }) => idToken)), text).toEqual(
        new Set(holding.map(({ idToken }) => idToken)),
      );
      const group = await stage.operator.get<unknown[]>(`/api/v1/tokens?groupId=${seg(text)}`);
      expect(group.length, text).toBe([".", ".."].includes(text) ? 0 : 1);
    }
    let left = all.length;
    for (const { idToken } of all) {
      await stage.operator.remove(`/api/v1/tokens/${seg(idToken)}`);
      left -= 1;
    }
    expect(left).toBe(0);
    expect(await stage.operator.get("/api/v1/tokens")).toEqual([]);
  });

  it("makes no header and no error of the server, in whatever parameter it stands", async () => {
    for (const operation of operations.filter(({ method }) => method === "GET")) {
      const names = operation.parameters.filter((one) => one.schema.type === "string" || one.in === "path");
      for (const { name, in: place } of names) {
        for (const text of [...sql, ...lines]) {
          const path = operation.path.replaceAll(/\{([^}]+)\}/g, (_all, own: string) =>
            place === "path" && own === name ? seg(text) : "1",
          );
          const query = place === "query" ? `?${seg(name)}=${seg(text)}` : "";
          const response = await fetch(`${stage.apiUrl}${path}${query}`);
          await response.body?.cancel();
          expect(response.status, `${operation.name} ${name} ${text}`).toBeLessThan(500);
          expect(response.headers.has("x-injected"), `${operation.name} ${name}`).toBe(false);
        }
      }
    }
  });

  it("is no cursor, where it was not given as one", async () => {
    const forge = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString("base64url");
    const paged = operations.filter(({ method, path, parameters }) => {
      return method === "GET" && !path.includes("{") && parameters.some(({ name }) => name === "cursor");
    });
    expect(paged.length).toBeGreaterThan(10);
    for (const { path, parameters } of paged) {
      const sorts = (parameters.find(({ name }) => name === "sort")?.schema.enum ?? ["id"]) as string[];
      const order = (parameters.find(({ name }) => name === "order")?.schema as { default?: string } | undefined)
        ?.default;
      for (const sort of sorts) {
        const forged = [
          ...sql.map((text) => forge([sort, order ?? "desc", text, text])),
          ...sql.map((text) => forge([text, order ?? "desc", 1, 1])),
          ...[1.5, -1, 2 ** 53, null, {}, [], true, "x".repeat(1_000)].map((odd) =>
            forge([sort, order ?? "desc", odd, odd]),
          ),
          forge({ __proto__: null, constructor: 1 }),
          forge("text"),
          "%00",
          "____",
          "\u{1f600}",
        ];
        for (const cursor of forged) {
          const asked = `${path}?sort=${seg(sort)}&cursor=${seg(cursor)}${order === undefined ? "" : `&order=${order}`}`;
          const { status, body } = await stage.operator.request("GET", asked);
          expect([200, 400], `${asked} ${JSON.stringify(body)}`).toContain(status);
        }
      }
    }
  });
});

it("after all of this everything is where it was, and every line of the log is one line", async () => {
  const stations = await stage.operator.get<{ id: string }[]>("/api/v1/stations?limit=1000");
  expect(stations.map(({ id }) => id)).toEqual(expect.arrayContaining(["OLD", "YOUNG"]));
  const transactions = await stage.operator.get<unknown[]>("/api/v1/transactions?limit=1000");
  expect(transactions.length).toBe(
    corpus.filter((text) => fits(text, 20)).length + corpus.filter((text) => fits(text, 36)).length,
  );
  expect(stage.lines.length).toBeGreaterThan(0);
  expectHarmless(stage.lines);
});
