/* Block A of part 6: security, as far as it needs no certificates of stations. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  hasOpenssl,
  makeCertificates,
} from "../../../../packages/websocket/src/server/certificates/certificates.fixture.ts";
import { type Player, play, RefusedError } from "../support/player.ts";
import { type RunningCsms, runCsms } from "../support/running-csms.ts";
import { verifies } from "../verifies.ts";

const chargingStation = { vendorName: "Acme", model: "Test" };
const password = "correct:horse:battery1";
const status = (connectorId: number) => ({
  timestamp: new Date().toISOString(),
  connectorStatus: "Available",
  evseId: connectorId,
  connectorId: 1,
});

async function boot(cs: Player): Promise<void> {
  const answer = await cs.say("BootNotification", { reason: "PowerUp", chargingStation });
  expect(answer).toMatchObject({ status: "Accepted" });
  expect(await cs.say("StatusNotification", status(1))).toEqual({});
}

function bytes(...numbers: readonly number[]): Buffer {
  return Buffer.concat(
    numbers.map((number) => {
      const two = Buffer.alloc(2);
      two.writeUInt16BE(number);
      return two;
    }),
  );
}

/** A ClientHello of TLS 1.2 in its record (RFC 5246 §7.4.1.2), with the extensions that an ECDSA suite needs. */
function clientHello(suites: readonly number[], compressions: readonly number[]): Buffer {
  const groups = [0x00_0a, 4, 2, 0x00_17];
  const algorithms = [0x00_0d, 6, 4, 0x04_03, 0x04_01];
  const body = Buffer.concat([
    bytes(0x03_03),
    Buffer.alloc(32, 7),
    Buffer.of(0),
    bytes(2 * suites.length, ...suites),
    Buffer.of(compressions.length, ...compressions),
    bytes(2 * (groups.length + algorithms.length), ...groups, ...algorithms),
  ]);
  return Buffer.concat([Buffer.of(0x16, 3, 1), bytes(body.length + 4), Buffer.of(1, 0), bytes(body.length), body]);
}

async function refusal(attempt: Promise<Player>): Promise<number> {
  try {
    await (await attempt).close();
  } catch (error) {
    if (error instanceof RefusedError) return error.status;
    throw error;
  }
  throw new Error("The station was let in");
}

describe("Basic authentication", () => {
  let csms: RunningCsms;
  beforeAll(async () => {
    csms = await runCsms();
  });
  afterAll(() => csms.close());
  const enter = (identity: string) => csms.addStation(identity, { password, securityProfile: 1 });
  const comes = (identity: string, more: object = { password }) => play({ url: csms.url, identity, ...more });

  it("TC_A_01_CSMS the right user name and password, which may hold a colon", async () => {
    verifies("TC_A_01_CSMS", "A00.FR.204");
    await enter("A01");
    const cs = await comes("A01");
    await boot(cs);
    await cs.close();
  });

  it("TC_A_02_CSMS a user name that is not the identity", async () => {
    verifies("TC_A_02_CSMS", "A00.FR.204");
    await enter("A02");
    expect(await refusal(comes("A02", { username: "A02Invalid", password }))).toBe(401);
    const told = await csms.operator.get(`/api/v1/stations/A02`);
    expect(told).toMatchObject({ connected: false });
    await boot(await comes("A02"));
  });

  it("TC_A_03_CSMS a wrong password, an empty one, and none", async () => {
    verifies("TC_A_03_CSMS", "A00.FR.204", "A01.FR.09");
    await enter("A03");
    expect(await refusal(comes("A03", { password: "not-the-password-1" }))).toBe(401);
    expect(await refusal(comes("A03", { password: "" }))).toBe(401);
    expect(await refusal(comes("A03", {}))).toBe(401);
    const everything = JSON.stringify([
      await csms.operator.get("/api/v1/logs"),
      await csms.operator.get("/api/v1/events"),
      await csms.operator.get("/api/v1/stations"),
    ]);
    expect(everything).not.toContain("not-the-password");
    expect(everything).not.toContain("battery1");
  });

  it("TC_A_09_CSMS a new password that the station accepts", async () => {
    verifies("TC_A_09_CSMS", "A01.FR.02", "A01.FR.03", "A01.FR.09");
    await enter("A09");
    const cs = await comes("A09");
    await boot(cs);
    const asked = csms.operator.request("PUT", "/api/v1/stations/A09/password", {
      password: "another-password-22",
      push: true,
    });
    const component = { component: { name: "SecurityCtrlr" }, variable: { name: "BasicAuthPassword" } };
    const answer = { setVariableResult: [{ ...component, attributeStatus: "Accepted" }] };
    const call = await cs.expect("SetVariables", answer);
    expect(call.payload).toMatchObject({ setVariableData: [{ ...component, attributeValue: "another-password-22" }] });
    expect((await asked).status).toBeLessThan(300);
    await cs.close();
    expect(await refusal(comes("A09"))).toBe(401);
    await boot(await comes("A09", { password: "another-password-22" }));
    const log = JSON.stringify(await csms.operator.get("/api/raw-logs?chargePointId=A09"));
    expect(log).toContain("BasicAuthPassword");
    expect(log).not.toContain("another-password-22");
  });

  it("makes passwords of its own, each another one, that nobody is shown", async () => {
    verifies("A01.FR.06", "A01.FR.07", "A01.FR.09");
    const made: string[] = [];
    for (const identity of ["A01-FIRST", "A01-SECOND"]) {
      await enter(identity);
      const cs = await comes(identity);
      await boot(cs);
      const asked = csms.operator.request("PUT", `/api/v1/stations/${identity}/password`, { push: true });
      const { payload } = await cs.expect("SetVariables", {
        setVariableResult: [
          {
            component: { name: "SecurityCtrlr" },
            variable: { name: "BasicAuthPassword" },
            attributeStatus: "Accepted",
          },
        ],
      });
      const [{ attributeValue = "" } = {}] = payload["setVariableData"] as { attributeValue?: string }[];
      expect(attributeValue).toMatch(/^[0-9a-f]{40}$/);
      made.push(attributeValue);
      expect(await asked).toMatchObject({ status: 200, body: { success: true } });
      expect(JSON.stringify(await asked)).not.toContain(attributeValue);
      await cs.close();
      expect(await refusal(comes(identity))).toBe(401);
      await boot(await comes(identity, { password: attributeValue }));
    }
    expect(new Set(made).size).toBe(2);
    expect(await csms.operator.request("PUT", "/api/v1/stations/A01-FIRST/password", {})).toMatchObject({
      status: 400,
    });
  });

  it.each(["Rejected", "CALLERROR"])(
    "TC_A_10_CSMS a new password that the station does not accept: %s",
    async (how) => {
      verifies("TC_A_10_CSMS", "A01.FR.04");
      const identity = `A10-${how}`;
      await enter(identity);
      const cs = await comes(identity);
      await boot(cs);
      const asked = csms.operator.request("PUT", `/api/v1/stations/${identity}/password`, {
        password: "another-password-22",
        push: true,
      });
      const component = { component: { name: "SecurityCtrlr" }, variable: { name: "BasicAuthPassword" } };
      const call = await cs.expectUnanswered("SetVariables");
      if (how === "CALLERROR") cs.refuse(call, "InternalError");
      else cs.answer(call, { setVariableResult: [{ ...component, attributeStatus: "Rejected" }] });
      await asked;
      await cs.close();
      expect(await refusal(comes(identity, { password: "another-password-22" }))).toBe(401);
      await boot(await comes(identity));
    },
  );

  it("confirms a security event, and shows it to the operator", async () => {
    verifies("A04.FR.03");
    await enter("A04-EVENT");
    const cs = await comes("A04-EVENT");
    await boot(cs);
    const event = { type: "TamperDetectionActivated", timestamp: new Date().toISOString(), techInfo: "lid" };
    expect(await cs.say("SecurityEventNotification", event)).toEqual({});
    expect(await csms.operator.get("/api/v1/security-events?stationId=A04-EVENT")).toMatchObject([event]);
  });

  it("keeps the old password valid until the station has answered", async () => {
    verifies("A01.FR.02");
    await enter("A10-SILENT");
    const cs = await comes("A10-SILENT");
    await boot(cs);
    const changed = "another-password-22";
    const asked = csms.operator.request("PUT", "/api/v1/stations/A10-SILENT/password", {
      password: changed,
      push: true,
    });
    await cs.expectUnanswered("SetVariables");
    // The connection breaks before the answer: the old password still opens the door, and so does the new one.
    await cs.close();
    await asked;
    await (await comes("A10-SILENT")).close();
    // The station shows which one it uses; from then on the other one is nothing.
    await csms.operator.put("/api/v1/stations/A10-SILENT/password", { password });
    const second = await comes("A10-SILENT");
    const again = csms.operator.request("PUT", "/api/v1/stations/A10-SILENT/password", {
      password: changed,
      push: true,
    });
    await second.expectUnanswered("SetVariables");
    await second.close();
    await again;
    await boot(await comes("A10-SILENT", { password: changed }));
    expect(await refusal(comes("A10-SILENT"))).toBe(401);
  });
});

describe.skipIf(!hasOpenssl())("TLS", () => {
  let csms: RunningCsms;
  let folder: string;
  const certificates = hasOpenssl() ? makeCertificates() : undefined;
  const ca = certificates?.ca;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "ocpp-tls-"));
    const write = (name: string, text = ""): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const { ecdsa, rsa } = certificates ?? {};
    csms = await runCsms({
      webSocket: {
        securePort: 0,
        tls: {
          cert: [write("ecdsa.crt", ecdsa?.cert), write("rsa.crt", rsa?.cert)],
          key: [write("ecdsa.key", ecdsa?.key), write("rsa.key", rsa?.key)],
          ca: [write("ca.crt", ca)],
          organization: "Acme",
        },
      },
    });
  });
  afterAll(async () => {
    await csms.close();
    rmSync(folder, { recursive: true });
  });
  const secureUrl = () => csms.csms.secureWebSocketUrl ?? "";

  const shake = (options: object): Promise<TLSSocket> =>
    new Promise((resolve, reject) => {
      const socket = connectTls({ host: "127.0.0.1", port: Number(new URL(secureUrl()).port), ca, ...options }, () => {
        resolve(socket);
      });
      socket.once("error", reject);
    });

  it("TC_A_04_CSMS a valid certificate, and the four cipher suites", async () => {
    verifies("TC_A_04_CSMS", "A00.FR.306", "A00.FR.307", "A00.FR.318", "A00.FR.421");
    for (const ciphers of [
      "ECDHE-ECDSA-AES128-GCM-SHA256",
      "ECDHE-ECDSA-AES256-GCM-SHA384",
      "AES128-GCM-SHA256",
      "AES256-GCM-SHA384",
    ]) {
      const socket = await shake({ maxVersion: "TLSv1.2", ciphers });
      expect(socket.getCipher().name).toBe(ciphers);
      expect(socket.getPeerCertificate()).toMatchObject({ subject: { CN: "localhost" } });
      expect(socket.getPeerCertificate().serialNumber).not.toBe("");
      socket.destroy();
    }
    await csms.addStation("A04", { password, securityProfile: 2 });
    const cs = await play({ url: secureUrl(), identity: "A04", password, socket: { ca } });
    await boot(cs);
    await cs.close();
    expect(await refusal(play({ url: csms.url, identity: "A04", password }))).toBe(403);
  });

  it("asks for the password over TLS as well, and lets nobody in beside it", async () => {
    verifies("A00.FR.301", "A00.FR.312", "A00.FR.324");
    await csms.addStation("A04-TLS", { password, securityProfile: 2 });
    const comes = (more: object) => play({ url: secureUrl(), identity: "A04-TLS", socket: { ca }, ...more });
    expect(await refusal(comes({}))).toBe(401);
    expect(await refusal(comes({ password: "not-the-password-1" }))).toBe(401);
    expect(await refusal(comes({ username: "A04", password }))).toBe(401);
    expect(await refusal(play({ url: csms.url, identity: "A04-TLS", password }))).toBe(403);
    await boot(await comes({ password }));
  });

  /** What the server says to a ClientHello of TLS 1.2 that is written by hand, since no client offers such things any more. */
  const answerTo = async (suites: readonly number[], compressions: readonly number[]): Promise<Buffer> => {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(secureUrl()).port) });
    socket.write(clientHello(suites, compressions));
    const parts: Buffer[] = [];
    for await (const part of socket) {
      parts.push(part as Buffer);
      const said = Buffer.concat(parts);
      // The first record is complete: an alert, or the ServerHello and perhaps more.
      if (said.length >= 5 && said.length >= 5 + said.readUInt16BE(3) && said[0] !== 0x15) break;
    }
    socket.destroy();
    return Buffer.concat(parts);
  };

  it("compresses nothing, and speaks TLS as the RFC writes it", async () => {
    verifies("A00.FR.321", "A00.FR.424", "A00.FR.317", "A00.FR.420");
    const said = await answerTo([0xc0_2b], [1, 0]);
    // A record of TLS 1.2 with a ServerHello of TLS 1.2 (RFC 5246 §6.2.1, §7.4.1.3).
    expect([...said.subarray(0, 3)]).toEqual([0x16, 3, 3]);
    expect([said[5], said[9], said[10]]).toEqual([2, 3, 3]);
    const afterSession = 44 + (said[43] ?? 0);
    expect(said.readUInt16BE(afterSession)).toBe(0xc0_2b);
    expect(said[afterSession + 2]).toBe(0);
  });

  it.each([
    ["no encryption", 0x00_02],
    ["RC4", 0x00_05],
    ["DES of an export grade", 0x00_08],
    ["triple DES", 0x00_0a],
    ["no authentication", 0x00_a6],
    ["CBC with SHA-1", 0xc0_13],
  ])("ends the handshake of who has only suites with %s", async (_what, suite) => {
    verifies("A00.FR.320", "A00.FR.322", "A00.FR.423", "A00.FR.425");
    const said = await answerTo([suite], [0]);
    // An alert, fatal, handshake_failure (RFC 5246 §7.2), and the end of the connection.
    expect([said[0], said[5], said[6]]).toEqual([0x15, 2, 40]);
    expect(said).toHaveLength(7);
  });

  const comesWith = (identity: string, pair: object | undefined, more: object = {}) =>
    play({ url: secureUrl(), identity, socket: { ca, ...pair }, ...more });

  it("TC_A_07_CSMS a valid certificate of the station", async () => {
    verifies("TC_A_07_CSMS", "A00.FR.401", "A00.FR.409", "A00.FR.410", "A00.FR.415");
    await csms.addStation("CS001", { securityProfile: 3, serialNumber: "CS001" });
    const cs = await comesWith("CS001", certificates?.station);
    await boot(cs);
    await cs.close();
    expect(await csms.operator.get("/api/v1/stations/CS001")).toMatchObject({ securityProfile: 3 });
    expect(await refusal(comesWith("CS001", undefined))).toBe(403);
    expect(await refusal(play({ url: csms.url, identity: "CS001" }))).toBe(403);
  });

  it("TC_A_08_CSMS a certificate of the station that has expired, and one that nobody vouches for", async () => {
    verifies("TC_A_08_CSMS", "A00.FR.407", "A00.FR.408");
    const logged = async () => JSON.stringify(await csms.operator.get("/api/v1/logs"));
    expect(await logged()).not.toContain("InvalidChargingStationCertificate");
    const told = () => csms.operator.get("/api/v1/stations/CS001");
    await expect.poll(told).toMatchObject({ connected: false });
    for (const pair of [certificates?.expired, certificates?.stranger]) {
      await expect(comesWith("CS001", pair, { password })).rejects.toThrow();
      expect(await told()).toMatchObject({ connected: false });
    }
    await expect.poll(logged).toContain("InvalidChargingStationCertificate");
  });

  it("takes a certificate of its organization only, and only for its own station", async () => {
    verifies("A00.FR.404", "A00.FR.405");
    await csms.addStation("CS002", { securityProfile: 3, serialNumber: "12345" });
    expect(await refusal(comesWith("CS002", certificates?.station))).toBe(403);
    expect(await refusal(comesWith("CS002", certificates?.named))).toBe(403);
    expect(await refusal(comesWith("CS001", certificates?.named))).toBe(403);
    await (await comesWith("CS001", certificates?.station)).close();
  });

  it("closes the connection of a station that boots with another serial number than its certificate's", async () => {
    verifies("B01.FR.11", "B01.FR.12");
    const own = await comesWith("CS001", certificates?.station);
    const serialNumber = "CS001";
    const booted = { reason: "PowerUp", chargingStation: { ...chargingStation, serialNumber } };
    expect(await own.say("BootNotification", booted)).toMatchObject({ status: "Accepted" });
    await own.close();
    const other = await comesWith("CS001", certificates?.station);
    const boots = other.say("BootNotification", {
      reason: "PowerUp",
      chargingStation: { ...chargingStation, serialNumber: "CS002" },
    });
    await expect(boots).rejects.toThrow();
    await expect
      .poll(() => csms.operator.get("/api/v1/stations/CS001"))
      .toMatchObject({ connected: false, serialNumber });
  });

  it("TC_A_06_CSMS a version of TLS that is too old", async () => {
    verifies("TC_A_06_CSMS", "A00.FR.313", "A00.FR.314", "A00.FR.315", "A00.FR.416", "A00.FR.417", "A00.FR.418");
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" };
    await expect(shake(old)).rejects.toThrow(/protocol version|alert|unsupported/i);
    const socket = await shake({ maxVersion: "TLSv1.2" });
    expect(socket.getProtocol()).toBe("TLSv1.2");
    socket.destroy();
  });

  it("TC_A_19_CSMS the security profile is raised and never lowered", async () => {
    verifies("TC_A_19_CSMS", "A05.FR.04", "A05.FR.07");
    await csms.addStation("A19", { password, securityProfile: 1 });
    const cs = await play({ url: csms.url, identity: "A19", password });
    await boot(cs);
    const connectionData = {
      messageTimeout: 30,
      ocppCsmsUrl: secureUrl(),
      ocppInterface: "Wired0",
      ocppTransport: "JSON",
      ocppVersion: "OCPP20",
      securityProfile: 2,
    };
    const priority = { component: { name: "OCPPCommCtrlr" }, variable: { name: "NetworkConfigurationPriority" } };
    for (const [action, payload, answer] of [
      ["SetNetworkProfile", { configurationSlot: 2, connectionData }, { status: "Accepted" }],
      [
        "SetVariables",
        { setVariableData: [{ ...priority, attributeValue: "2,1" }] },
        { setVariableResult: [{ ...priority, attributeStatus: "Accepted" }] },
      ],
      ["Reset", { type: "OnIdle" }, { status: "Accepted" }],
    ] as const) {
      const asked = csms.operator.call("A19", action, payload);
      expect((await cs.expect(action, answer)).payload).toEqual(payload);
      expect(await asked).toMatchObject({ status: 200 });
    }
    await cs.close();
    const higher = await play({ url: secureUrl(), identity: "A19", password, socket: { ca } });
    await boot(higher);
    await higher.close();
    expect(await csms.operator.get("/api/v1/stations/A19")).toMatchObject({ securityProfile: 2 });
    expect(await refusal(play({ url: csms.url, identity: "A19", password }))).toBe(403);
  });
});
