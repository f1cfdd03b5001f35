import { X509Certificate } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type IssuedPair,
  openAuthority,
  type TestAuthority,
} from "../../../websocket/src/server/certificates/authority.fixture.ts";
import { hasOpenssl } from "../../../websocket/src/server/certificates/certificates.fixture.ts";
import type { SomeConfiguration } from "../config/configuration.ts";
import { type TestGateway, testGateway, until } from "./gateway.fixture.ts";
import type { GatewayOptions } from "./gateway.ts";

const available = hasOpenssl();
if (!available) process.stderr.write("SKIPPED: the tests of client certificates need the openssl command\n");

const password = "correct-horse-battery";
const reason = "PowerUp";

describe.skipIf(!available)("security profile 3", () => {
  let authority: TestAuthority;
  let server: IssuedPair;
  let first: IssuedPair;
  let second: IssuedPair;
  let running: TestGateway | undefined;

  beforeAll(() => {
    authority = openAuthority();
    server = authority.issue({ subject: "/CN=localhost", extensions: "subjectAltName=IP:127.0.0.1" });
    first = authority.issue({ subject: "/O=Acme/CN=SN-1" });
    second = authority.issue({ subject: "/O=Acme/CN=SN-2" });
  }, 60_000);

  afterAll(() => {
    authority.close();
  });

  afterEach(async () => {
    await running?.[Symbol.asyncDispose]();
    running = undefined;
  });

  const start = async (
    { tls = {}, stations = {} }: { tls?: object; stations?: SomeConfiguration["stations"] } = {},
    gateway: GatewayOptions = {},
  ): Promise<TestGateway> => {
    const files = { cert: [server.certFile], key: [server.keyFile], ca: [authority.caFile] };
    const webSocket = { securePort: 0, tls: { ...files, organization: "Acme", ...tls } };
    running = await testGateway({ configuration: { webSocket, stations }, gateway });
    return running;
  };

  const withCertificate = (test: TestGateway, pair: IssuedPair, more: object = {}) => ({
    tls: { ca: authority.ca, cert: pair.cert, key: pair.key },
    url: test.gateway.secureUrl,
    ...more,
  });

  /** `open`, or the status of the refusal. */
  const comes = async (test: TestGateway, identity: string, pair: IssuedPair, more?: object): Promise<unknown> => {
    try {
      return (await test.station201(identity, {}, withCertificate(test, pair, more))).state;
    } catch (error) {
      return (error as { status?: number }).status ?? error;
    }
  };

  const logged = async (test: TestGateway, stationId: string, what: string) =>
    until(
      async () =>
        (await test.services.store.reader.selectFrom("logs").selectAll().execute())
          .filter((row) => row.station_id === stationId)
          .map((row) => row.message),
      (lines) => lines.some((line) => line.includes(what)),
    );

  it("takes the certificate whose common name is the serial number recorded for the identity (A00.FR.405)", async () => {
    const test = await start();
    const { stations } = test.services;
    await stations.add("A", { serialNumber: "SN-1" });
    await stations.add("B", { serialNumber: "SN-2", password });
    expect(await comes(test, "A", first)).toBe("open");
    expect(await comes(test, "A", second)).toBe(403);
    // A password does not help where the certificate is another's.
    expect(await comes(test, "B", first, { password })).toBe(403);
    await logged(test, "B", "InvalidChargingStationCertificate");
    expect(await comes(test, "B", second)).toBe("open");
    // What is recorded later counts from then on.
    await stations.change("A", { serialNumber: "SN-9" });
    expect(await comes(test, "A", first)).toBe(403);
  });

  it("does not take the identity, an alternative name or a second common name for the serial number", async () => {
    const test = await start();
    await test.services.stations.add("SN-3", { serialNumber: "SN-1" });
    const names = { subject: "/O=Acme/CN=SN-3", extensions: "subjectAltName=DNS:SN-1,DNS:SN-3" };
    expect(await comes(test, "SN-3", authority.issue(names))).toBe(403);
    expect(await comes(test, "SN-3", authority.issue({ subject: "/O=Acme/CN=SN-1/CN=SN-3" }))).toBe(403);
    expect(await comes(test, "SN-3", authority.issue({ subject: "/O=Acme" }))).toBe(403);
    expect(await comes(test, "SN-3", first)).toBe("open");
  });

  it("takes certificates of the operator only (A00.FR.404)", async () => {
    const test = await start();
    await test.services.stations.add("A", { serialNumber: "SN-1" });
    expect(await comes(test, "A", authority.issue({ subject: "/O=Other/CN=SN-1" }))).toBe(403);
    expect(await comes(test, "A", authority.issue({ subject: "/CN=SN-1" }))).toBe(403);
  });

  it("refuses certificates that are on a revocation list, also on one that is read later (A00.FR.407)", async () => {
    const lists = join(mkdtempSync(join(tmpdir(), "ocpp-lists-")), "list.pem");
    copyFileSync(authority.revoke(second), lists);
    const test = await start({ tls: { revocationLists: [lists] } });
    const { stations } = test.services;
    await stations.add("A", { serialNumber: "SN-1" });
    await stations.add("B", { serialNumber: "SN-2", password });
    expect(await comes(test, "A", first)).toBe("open");
    // The connection ends before it is asked anything, and a password does not help, either (A00.FR.407).
    expect(await comes(test, "B", second)).toMatchObject({ code: "unreachable" });
    expect(await comes(test, "B", second, { password })).toMatchObject({ code: "unreachable" });
    const lines = await until(
      async () => test.services.store.reader.selectFrom("logs").select("message").execute(),
      (rows) => rows.some(({ message }) => message.includes("InvalidChargingStationCertificate")),
    );
    expect(JSON.stringify(lines)).toContain("CERT_REVOKED");
    copyFileSync(authority.revoke(first, second), lists);
    await test.gateway.updateTls();
    expect(await comes(test, "A", first)).toMatchObject({ code: "unreachable" });
    copyFileSync(authority.revoke(), lists);
    await test.gateway.updateTls();
    expect(await comes(test, "A", first)).toBe("open");
    rmSync(dirname(lists), { recursive: true });
  });

  const bootFor = async (test: TestGateway, identity: string, pair: IssuedPair): Promise<unknown> => {
    const peer = await test.station201(identity, {}, withCertificate(test, pair));
    const chargingStation = { vendorName: "Acme", model: "Duo" };
    const { status } = await peer.call("BootNotification", { reason, chargingStation });
    await peer.close();
    return status;
  };

  it("lets a certificate in that has expired only where the station may, which is Pending then (A00.FR.429)", async () => {
    const test = await start();
    const { stations, commander } = test.services;
    const expired = authority.issue({ subject: "/O=Acme/CN=SN-1", days: -1 });
    await stations.add("A", { serialNumber: "SN-1" });
    expect(await bootFor(test, "A", first)).toBe("Accepted");
    expect(await comes(test, "A", expired)).toBe(403);
    await logged(test, "A", "the client certificate has expired");
    await stations.change("A", { allowExpiredCertificate: true });
    expect(await bootFor(test, "A", expired)).toBe("Pending");
    expect(await stations.get("A")).toMatchObject({ registration: "Accepted", booted: 0, certificate_expired: 1 });
    const peer = await test.station201(
      "A",
      { ClearCache: () => ({ status: "Accepted" }) },
      withCertificate(test, expired),
    );
    await expect(peer.call("Heartbeat", {})).rejects.toMatchObject({ code: "SecurityError" });
    const start201 = { remoteStartId: 1, idToken: { idToken: "T", type: "Central" } };
    await expect(commander.call("A", "RequestStartTransaction", start201, { requestedBy: "x" })).rejects.toThrow(
      "Pending",
    );
    // What renews the certificate may be sent.
    expect(await commander.call("A", "ClearCache", {}, { requestedBy: "x" })).toMatchObject({ state: "completed" });
    await peer.close();
    // A valid one ends it.
    expect(await bootFor(test, "A", first)).toBe("Accepted");
    expect(await stations.get("A")).toMatchObject({ booted: 1, certificate_expired: 0 });
  });

  it("takes nobody in who is new and whose certificate has expired", async () => {
    const test = await start({ tls: { firstUse: true }, stations: { unknown: "accept" } });
    const expired = authority.issue({ subject: "/O=Acme/CN=SN-7", days: -1 });
    expect(await comes(test, "NEW", expired)).toBe(404);
    await test.services.stations.add("OLD", { allowExpiredCertificate: true });
    expect(await comes(test, "OLD", expired)).toBe(403);
    expect((await test.services.stations.get("OLD"))?.serial_number).toBeNull();
  });

  it("pins the first certificate, and the announced one once it has come; the old one counts until then (A02)", async () => {
    const test = await start({ tls: { pinning: true } });
    const { stations } = test.services;
    const renewed = authority.issue({ subject: "/O=Acme/CN=SN-1" });
    const fingerprintOf = ({ cert }: IssuedPair): string => new X509Certificate(cert).fingerprint256;
    await stations.add("A", { serialNumber: "SN-1" });
    expect(await comes(test, "A", first)).toBe("open");
    expect((await stations.get("A"))?.pinned_certificate).toBe(fingerprintOf(first));
    expect(await comes(test, "A", renewed)).toBe(403);
    await logged(test, "A", fingerprintOf(renewed));
    await stations.change("A", { nextCertificate: fingerprintOf(renewed).replaceAll(":", "").toLowerCase() });
    expect(await comes(test, "A", first)).toBe("open");
    expect(await comes(test, "A", renewed)).toBe("open");
    expect(await stations.get("A")).toMatchObject({
      pinned_certificate: fingerprintOf(renewed),
      next_certificate: null,
    });
    expect(await comes(test, "A", first)).toBe(403);
    await stations.change("A", { pinnedCertificate: null });
    expect(await comes(test, "A", first)).toBe("open");
    await expect(stations.change("A", { pinnedCertificate: "x" })).rejects.toThrow("pinnedCertificate must be");
  });

  it("pins one of two first certificates that come at once", async () => {
    const test = await start({ tls: { pinning: true } });
    const { stations } = test.services;
    const renewed = authority.issue({ subject: "/O=Acme/CN=SN-1" });
    await stations.add("A", { serialNumber: "SN-1" });
    const pairs = [first, renewed];
    const outcomes = await Promise.all(pairs.map((pair) => comes(test, "A", pair)));
    expect(outcomes.toSorted()).toEqual([403, "open"]);
    const pinned = (await stations.get("A"))?.pinned_certificate;
    const welcome = pairs[outcomes.indexOf("open")]?.cert ?? "";
    expect(pinned).toBe(new X509Certificate(welcome).fingerprint256);
  });

  it("refuses a station whose serial number is not recorded, and says what to do", async () => {
    const test = await start();
    await test.services.stations.add("A", {});
    expect(await comes(test, "A", first)).toBe(403);
    await logged(test, "A", "webSocket.tls.firstUse");
    expect((await test.services.stations.get("A"))?.serial_number).toBeNull();
  });

  it("binds the first serial number to the identity where that is switched on, and only the first", async () => {
    const test = await start({ tls: { firstUse: true } });
    const { stations } = test.services;
    await stations.add("A", {});
    await stations.add("B", {});
    const both = await Promise.all([comes(test, "A", first), comes(test, "A", second)]);
    expect(both.filter((state) => state === "open")).toHaveLength(1);
    const [own, other] = both[0] === "open" ? [first, second] : [second, first];
    expect((await stations.get("A"))?.serial_number).toBe(own === first ? "SN-1" : "SN-2");
    expect(await comes(test, "A", own)).toBe("open");
    expect(await comes(test, "A", other)).toBe(403);
    // A serial number is of one station.
    expect(await comes(test, "B", own)).toBe(403);
    await logged(test, "B", "recorded for another station");
    expect(await comes(test, "B", other)).toBe("open");
  });

  it("lets no certificate vouch for an identity that nobody has entered", async () => {
    const strict = await start({ stations: { unknown: "accept" } });
    expect(await comes(strict, "NEW", first)).toBe(404);
    expect(await strict.services.stations.get("NEW")).toBeUndefined();
    await strict[Symbol.asyncDispose]();
    const test = await start({ tls: { firstUse: true }, stations: { unknown: "pending" } });
    expect(await comes(test, "NEW", first)).toBe("open");
    const { stations } = test.services;
    const bound = { registration: "Pending", serial_number: "SN-1", self_registered: 1 };
    expect(await stations.get("NEW")).toMatchObject(bound);
    // The same certificate under another name.
    expect(await comes(test, "ELSE", first)).toBe(404);
    expect(await stations.get("ELSE")).toBeUndefined();
  });

  it("tells nobody by a certificate which stations there are, where that is hidden", async () => {
    const test = await start({ stations: { hideUnknown: true } });
    await test.services.stations.add("A", { serialNumber: "SN-1" });
    await test.services.stations.add("B", {});
    const answers = await Promise.all(["A", "B", "UNKNOWN"].map((identity) => comes(test, identity, second)));
    expect(answers).toEqual([401, 401, 401]);
  });

  it("takes the identity for the common name where the configuration says so, and then nothing else", async () => {
    const test = await start({ tls: { certificateRule: "identity" }, stations: { unknown: "accept" } });
    await test.services.stations.add("SN-1", { serialNumber: "SN-2" });
    expect(await comes(test, "SN-1", first)).toBe("open");
    expect(await comes(test, "SN-1", second)).toBe(403);
    const alternative = { subject: "/O=Acme/CN=X", extensions: "subjectAltName=DNS:SN-1" };
    expect(await comes(test, "SN-1", authority.issue(alternative))).toBe(403);
    // Here the certificate vouches for the name.
    expect(await comes(test, "SN-2", second)).toBe("open");
    expect(await test.services.stations.get("SN-2")).toMatchObject({ registration: "Accepted", self_registered: 0 });
  });

  it("goes by the rule of the operator's program alone, where there is one", async () => {
    const asked: unknown[] = [];
    const certificateRule: GatewayOptions["certificateRule"] = async (certificate, station) => {
      asked.push(station);
      return certificate.subject.includes("CN=SN-2") && station.identity === "A";
    };
    const test = await start({}, { certificateRule });
    await test.services.stations.add("A", { serialNumber: "SN-1" });
    expect(await comes(test, "A", first)).toBe(403);
    expect(await comes(test, "A", second)).toBe("open");
    expect(asked).toEqual([
      { identity: "A", serialNumber: "SN-1" },
      { identity: "A", serialNumber: "SN-1" },
    ]);
  });

  it("closes the connection of a station that boots with another serial number (B01.FR.11, B01.FR.12)", async () => {
    const test = await start();
    const { stations } = test.services;
    await stations.add("A", { serialNumber: "SN-1" });
    const station = await test.station201("A", {}, withCertificate(test, first));
    const chargingStation = { vendorName: "Acme", model: "Test" };
    const other = { ...chargingStation, serialNumber: "SN-2" };
    await expect(station.call("BootNotification", { reason, chargingStation: other })).rejects.toThrow();
    expect(await station.closed).toMatchObject({ code: 1008 });
    await logged(test, "A", "serial number in the BootNotification");
    expect(await stations.get("A")).toMatchObject({ serial_number: "SN-1", booted: 0, last_boot_at: null });
    // The one of the certificate, and none at all, are fine, and none forgets nothing.
    const back = await test.station201("A", {}, withCertificate(test, first));
    for (const serialNumber of ["SN-1", undefined]) {
      const named = serialNumber === undefined ? chargingStation : { ...chargingStation, serialNumber };
      const answer = await back.call("BootNotification", { reason, chargingStation: named });
      expect(answer).toMatchObject({ status: "Accepted" });
    }
    expect(await stations.get("A")).toMatchObject({ serial_number: "SN-1", booted: 1 });
  });

  it("closes it in OCPP 1.6, too, and at no connection without a certificate", async () => {
    const test = await start();
    await test.services.stations.add("A", { serialNumber: "SN-1", password });
    const boot = { chargePointVendor: "Acme", chargePointModel: "Test", chargePointSerialNumber: "SN-2" };
    const certified = await test.station16("A", {}, withCertificate(test, first));
    await expect(certified.call("BootNotification", boot)).rejects.toThrow();
    expect(await certified.closed).toMatchObject({ code: 1008 });
    const plain = await test.station16("A", {}, { password });
    expect(await plain.call("BootNotification", boot)).toMatchObject({ status: "Accepted" });
  });

  it("holds a station to the profile that it was told to use, though it shows a certificate (A05.FR.07)", async () => {
    const test = await start();
    await test.services.stations.add("A", { serialNumber: "SN-1", password, securityProfile: 1 });
    await test.station16("A", { ChangeConfiguration: () => ({ status: "Accepted" }) }, { password });
    await test.services.operations.changeConfiguration("A", "SecurityProfile", "2", "test");
    expect(await comes(test, "A", first)).toBe("open");
    expect((await test.services.stations.get("A"))?.security_profile).toBe(2);
    const { ca } = authority;
    const back = await test.station16("A", {}, { password, tls: { ca }, url: test.gateway.secureUrl });
    expect(back.state).toBe("open");
    await expect(test.station16("A", {}, { password })).rejects.toMatchObject({ status: 403 });
  });
});
