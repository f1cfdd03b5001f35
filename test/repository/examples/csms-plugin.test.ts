/* The plug-in of the guide, in a CSMS that runs, with real stations. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, OcppError, station, systemClock } from "@ocpp/core";
import { type Csms, configurationOf, createCsms, type Log } from "@ocpp/csms";
import { v16 } from "@ocpp/v16";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { afterEach, describe, expect, it, vi } from "vitest";

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, part: () => silent };
const refuse = {
  fallback: (action: string) => {
    throw new OcppError("NotSupported", action);
  },
};

describe("the maintenance window", () => {
  const ending: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
  });

  /** A CSMS whose clock shows the given time. */
  const start = async (time: string, options: object): Promise<Csms> => {
    const folder = mkdtempSync(join(tmpdir(), "ocpp-plugin-"));
    ending.push(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
    const ahead = Date.parse(`2026-11-24T${time}:00Z`) - Date.now();
    const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };
    const configuration = configurationOf({
      webSocket: { port: 0 },
      api: { port: 0 },
      store: { folder },
      stations: { unknown: "accept" },
      plugins: [{ module: join(import.meta.dirname, "csms-plugin.ts"), options }],
    });
    const csms = await createCsms({ configuration, log: silent, clock });
    ending.push(() => csms.close(1_000));
    return csms;
  };

  const connect16 = async ({ webSocketUrl }: Csms) => {
    const changed: string[] = [];
    const endpoint = station(
      v16,
      {
        ChangeAvailability: ({ type }) => {
          changed.push(type);
          return { status: "Accepted" };
        },
      },
      refuse,
    );
    const session = connect(webSocketUrl, [endpoint], { identity: "CS16" });
    ending.push(() => session.close());
    const peer = await session.ready;
    await peer.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    return { peer, changed };
  };
  const connect201 = async ({ webSocketUrl }: Csms) => {
    const session = connect(webSocketUrl, [station(v201, {}, refuse)], { identity: "CS201" });
    ending.push(() => session.close());
    const peer = await session.ready;
    await peer.call("BootNotification", { reason: "PowerUp", chargingStation: { vendorName: "V", model: "M" } });
    return peer;
  };
  const begin = { connectorId: 1, idTag: "T", meterStart: 0, timestamp: "2026-11-24T23:30:00Z" };
  const question = { vendorId: "com.example.site", messageId: "Maintenance" };

  it("refuses id tokens and transactions while it is open, past midnight too", async () => {
    const csms = await start("00:30", { from: "23:00", to: "05:00" });
    const { peer } = await connect16(csms);
    expect(await peer.call("Authorize", { idTag: "T" })).toEqual({ idTagInfo: { status: "Blocked" } });
    await expect(peer.call("StartTransaction", begin)).rejects.toMatchObject({
      code: "SecurityError",
      description: "The site is being maintained",
    });
    expect(await csms.services.transactions.open("CS16")).toEqual([]);
    const newer = await connect201(csms);
    const idToken = { idToken: "T", type: "ISO14443" } as const;
    expect(await newer.call("Authorize", { idToken })).toEqual({ idTokenInfo: { status: "NotAtThisTime" } });
  });

  it("leaves everything to the CSMS when it is closed", async () => {
    const csms = await start("12:00", { from: "23:00", to: "05:00" });
    await csms.services.tokens.put("T", {});
    const { peer, changed } = await connect16(csms);
    expect(await peer.call("Authorize", { idTag: "T" })).toMatchObject({ idTagInfo: { status: "Accepted" } });
    expect(await peer.call("StartTransaction", begin)).toMatchObject({ idTagInfo: { status: "Accepted" } });
    expect(await csms.services.transactions.open("CS16")).toHaveLength(1);
    expect(changed).toEqual([]);
  });

  it("amends the answer to a transaction that begins, which the CSMS has recorded", async () => {
    const csms = await start("12:00", { from: "23:00", to: "05:00" });
    await csms.services.tokens.put("T", {});
    const peer = await connect201(csms);
    const event = {
      triggerReason: "Authorized",
      timestamp: "2026-11-24T12:00:00Z",
      transactionInfo: { transactionId: "TX 1" },
    } as const;
    const idToken = { idToken: "T", type: "ISO14443" } as const;
    const started = { ...event, eventType: "Started", seqNo: 0, idToken, evse: { id: 1, connectorId: 1 } } as const;
    expect(await peer.call("TransactionEvent", started)).toMatchObject({
      idTokenInfo: { status: "Accepted" },
      updatedPersonalMessage: { format: "UTF8", content: "The site is closed at night" },
    });
    expect(await csms.services.transactions.open("CS201")).toHaveLength(1);
    expect(await peer.call("TransactionEvent", { ...event, eventType: "Updated", seqNo: 1 })).toEqual({});
  });

  it("answers the vendor's DataTransfer", async () => {
    const csms = await start("12:00", { from: "11:00", to: "13:00" });
    const { peer } = await connect16(csms);
    expect(await peer.call("DataTransfer", question)).toEqual({ status: "Accepted", data: '{"closed":true}' });
    expect(await peer.call("DataTransfer", { ...question, messageId: "Other" })).toEqual({
      status: "UnknownMessageId",
    });
  });

  it("takes stations out of service that come during the window", async () => {
    const csms = await start("12:00", { from: "11:00", to: "13:00" });
    await csms.services.stations.add("CS16", {});
    const { changed } = await connect16(csms);
    await vi.waitFor(() => expect(changed).toEqual(["Inoperative"]), { timeout: 20_000 });
  });

  it("refuses to start with options that cannot be meant", async () => {
    await expect(start("12:00", { from: "25:00", to: "05:00" })).rejects.toThrow(
      'The plug-in maintenance-window cannot be set up: from: must be a time such as "23:00"',
    );
  });
});
