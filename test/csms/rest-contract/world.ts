import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { SomeConfiguration } from "@ocpp/csms";
import { expect } from "vitest";
import type { Version } from "../../sdk/oracle/schema.ts";
import { type Operator, operatorOf } from "../conformance/support/operator.ts";
import { play } from "../conformance/support/player.ts";
import { type RunningCsms, runCsms } from "../conformance/support/running-csms.ts";
import { type AnsweringStation, answeringStation } from "./answering-station.ts";

/** The key that the configuration gives, with the role admin. */
export const adminKey = "contract-admin-key-0001";

/** A CSMS with something in it: stations that answer, one that is away, tokens, transactions, webhooks and so on. */
export interface World {
  readonly apiUrl: string;
  readonly operator: Operator;
  readonly running: RunningCsms;
  /** Ids that no list tells, or not alone, by the field that they are for. */
  readonly given: Readonly<Record<string, readonly unknown[]>>;
  /** Puts back what requests may have taken away: stations, tokens, open transactions and unknown stations. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

const versions: readonly Version[] = ["1.6", "2.0.1", "2.1"];

/** The identities of the stations that are connected, by their version. */
export const identities: readonly string[] = ["CONTRACT-1.6", "CONTRACT-2.0.1", "CONTRACT-2.1"];

/** Stations that may be changed and removed: they are never connected. */
export const spares: readonly string[] = ["CONTRACT-SPARE-1", "CONTRACT-SPARE-2"];

/** Id tokens that are known. */
export const tokens: readonly string[] = [1, 2, 3, 4].map((number) => `CONTRACT-TOKEN-${number}`);

/** A server that takes whatever webhooks send. */
async function receiver(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

/** Begins a transaction of 1.6; its number. */
async function begin16(station: AnsweringStation, connectorId: number): Promise<unknown> {
  const start = { connectorId, idTag: tokens[0], meterStart: 100, timestamp: new Date().toISOString() };
  return (await station.say("StartTransaction", start))["transactionId"];
}

/** Charges at a station of 1.6, and ends it. */
async function charge16(station: AnsweringStation): Promise<void> {
  const timestamp = (): string => new Date().toISOString();
  await station.say("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Contract" });
  await station.say("StatusNotification", { connectorId: 1, status: "Available", errorCode: "NoError" });
  const transactionId = await begin16(station, 1);
  const meterValue = [{ timestamp: timestamp(), sampledValue: [{ value: "1500", context: "Sample.Periodic" }] }];
  await station.say("MeterValues", { connectorId: 1, transactionId, meterValue });
  await station.say("StopTransaction", { transactionId, meterStop: 2_000, timestamp: timestamp() });
  await station.say("StopTransaction", { transactionId: 999_999, meterStop: 2_000, timestamp: timestamp() });
  await station.say("SecurityEventNotification", { type: "InvalidMessages", timestamp: timestamp() });
}

/** Begins to charge at a station of 2.x. */
async function charge2x(station: AnsweringStation, name: string): Promise<void> {
  const timestamp = new Date().toISOString();
  await station.say("BootNotification", {
    reason: "PowerUp",
    chargingStation: { vendorName: "Acme", model: "Contract" },
  });
  await station.say("StatusNotification", { timestamp, connectorStatus: "Available", evseId: 1, connectorId: 1 });
  const event = {
    eventType: "Started",
    timestamp,
    triggerReason: "Authorized",
    seqNo: 0,
    transactionInfo: { transactionId: `transaction-of-${name}` },
    evse: { id: 1, connectorId: 1 },
    idToken: { idToken: tokens[1], type: "ISO14443" },
  };
  await station.say("TransactionEvent", event);
}

/** Makes a world on SQLite, or on the database that is given. */
export async function makeWorld(store: SomeConfiguration["store"] = {}): Promise<World> {
  const running = await runCsms({
    api: { key: adminKey, rateLimit: 0 },
    commands: { timeout: 1, deadline: 1 },
    webSocket: { callRate: { perSecond: 0 } },
    webhooks: { timeout: 1, attempts: 1, allowedNetworks: ["127.0.0.0/8"] },
    ...(store === undefined ? {} : { store }),
  });
  const operator = operatorOf(running.apiUrl, adminKey);
  const stations: AnsweringStation[] = [];
  const listener = await receiver();
  const close = async (): Promise<void> => {
    for (const station of stations) station.close();
    listener.closeAllConnections();
    listener.close();
    await running.close();
  };
  const transactionIds: unknown[] = [];
  const commandIds: unknown[] = [];
  const reservationIds: unknown[] = [];
  const remoteStartIds: unknown[] = [];
  const strangers: unknown[] = [];
  let unknownStations = 0;
  const restore = async (): Promise<void> => {
    await Promise.all([
      ...[...identities, ...spares].map((id) =>
        operator.request("POST", "/api/v1/stations", { id, registration: "Accepted" }),
      ),
      ...tokens.map((token) => operator.request("PUT", `/api/v1/tokens/${token}`, { status: "Accepted" })),
    ]);
    // Somebody new each time, since those before may have been let in.
    unknownStations += 1;
    const stranger = `CONTRACT-STRANGER-${unknownStations}`;
    await expect(play({ url: running.url, identity: stranger })).rejects.toMatchObject({ status: 404 });
    strangers.splice(0, strangers.length, stranger);
    const [first] = stations;
    if (first === undefined) return;
    // The newest only: those before may have been closed.
    transactionIds.length = 0;
    for (const connectorId of [1, 2]) transactionIds.push(await begin16(first, connectorId));
    reservationIds.length = 0;
    // Other operations may have ended those before. The station accepts only some.
    for (let attempt = 0; attempt < 40 && reservationIds.length === 0; attempt += 1) {
      const wish = { stationId: identities[0], idToken: tokens[0], expiresAt: "2040-01-01T00:00:00Z" };
      const { body } = await operator.request("POST", "/api/v1/reservations", wish);
      const { id, status } = body as { readonly id?: number; readonly status?: string };
      if (status === "Active") reservationIds.push(id);
    }
  };
  try {
    await restore();
    for (const [index, version] of versions.entries()) {
      const identity = identities[index] ?? "";
      const station = await answeringStation({ url: running.url, identity, version, seed: index });
      stations.push(station);
      await (version === "1.6" ? charge16(station) : charge2x(station, identity));
    }
    const { port } = listener.address() as AddressInfo;
    await operator.request("POST", "/api/v1/webhooks", { url: `http://127.0.0.1:${port}/hook`, kinds: ["job"] });
    // Nobody listens there, so that there are dead letters.
    await operator.request("POST", "/api/v1/webhooks", { url: "http://127.0.0.1:9/nobody", kinds: ["token"] });
    await restore();
    // Whatever the station answers: it is recorded what became of it.
    const start = { stationId: identities[0], idToken: tokens[0], evseId: 1 };
    await operator.request("POST", "/api/v1/remote-starts", start);
    for (const { id } of await operator.get<{ readonly id: unknown }[]>("/api/v1/remote-starts"))
      remoteStartIds.push(id);
    // Commands that wait for a station that never comes.
    const waiting = `/api/v1/stations/${spares[0] ?? ""}/calls/ClearCache?wait=false&offline=wait&deadline=600`;
    for (let count = 0; count < 4; count += 1) {
      commandIds.push((await operator.post<{ readonly id: unknown }>(waiting, {})).id);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const given = {
    transactionId: transactionIds,
    "unknown-stations/identity": strangers,
    "remote-starts/id": remoteStartIds,
    "reservations/id": reservationIds,
    "/api/v1/commands/{id}/cancel id": commandIds,
  };
  return { apiUrl: running.apiUrl, operator, running, given, restore, close };
}
