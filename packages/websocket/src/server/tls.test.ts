import { spawn } from "node:child_process";
import type { TLSSocket } from "node:tls";
import { beforeAll, describe, expect, it } from "vitest";
import { samePassword } from "./basic-credentials.ts";
import { type Certificates, hasOpenssl, makeCertificates } from "./certificates/certificates.fixture.ts";
import { openingRequest, openStation, openTls, openWire, refused } from "./raw-station.fixture.ts";
import { refuse } from "./refusal.ts";
import { nextEvent, type TestServer, testServer } from "./test-server.fixture.ts";

const available = hasOpenssl();
if (!available) process.stderr.write("SKIPPED: the TLS tests of the server need the openssl command\n");

describe.skipIf(!available)("over TLS", () => {
  let made: Certificates;
  let server: TestServer;
  const both = (): { cert: string[]; key: string[]; ca: string } => ({
    cert: [made.ecdsa.cert, made.rsa.cert],
    key: [made.ecdsa.key, made.rsa.key],
    ca: made.ca,
  });

  beforeAll(() => {
    made = makeCertificates();
  }, 60_000);

  const secured = async (options: Parameters<typeof testServer>[0] = {}): Promise<TestServer> =>
    testServer({
      tls: both(),
      securityProfiles: [2, 3],
      authenticate: ({ securityProfile, credentials }) =>
        securityProfile === 3 || samePassword(credentials?.password ?? "", "secret")
          ? { securityProfile }
          : refuse(401),
      ...options,
    });
  const profileOf = (identity = "CS001"): unknown =>
    (server.peer(identity)?.info as { securityProfile: number } | undefined)?.securityProfile;

  it.each([
    ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"],
    ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"],
    ["TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256"],
    ["TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384"],
  ])("speaks %s (A00.FR.318, A00.FR.421)", async (standardName, ciphers) => {
    server = await secured();
    const { socket } = await openTls(server.url, { ciphers, maxVersion: "TLSv1.2" });
    expect(socket.getCipher()).toMatchObject({ standardName, version: "TLSv1.2" });
    expect(socket.getProtocol()).toBe("TLSv1.2");
    socket.destroy();
  });

  it("speaks TLS 1.3, and no suite that is not on its list", async () => {
    server = await secured();
    const { socket } = await openTls(server.url, {});
    expect(socket.getProtocol()).toBe("TLSv1.3");
    socket.destroy();
    const told = nextEvent(server, "refused");
    await expect(openTls(server.url, { ciphers: "ECDHE-RSA-AES128-SHA", maxVersion: "TLSv1.2" })).rejects.toThrow(
      /handshake failure/,
    );
    expect(await told).toMatchObject({ cause: "tls", status: undefined });
  });

  it.each(["TLSv1.1", "TLSv1"] as const)(
    "refuses %s with the alert protocol_version (A00.FR.313 to 315)",
    async (version) => {
      server = await secured();
      const told = nextEvent(server, "refused");
      const old = openTls(server.url, { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" });
      await expect(old).rejects.toMatchObject({ code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
      expect(await told).toMatchObject({ cause: "tls", error: expect.any(Error) });
    },
  );

  it("says so to openssl, too", async () => {
    server = await secured();
    const args = ["s_client", "-connect", `127.0.0.1:${server.port}`, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"];
    const child = spawn("openssl", args, { stdio: "pipe" });
    child.stdin.end();
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (text += data.toString()));
    await new Promise((resolve) => child.once("close", resolve));
    expect(text).toMatch(/alert protocol version/);
  });

  it("serves profiles 2 and 3 on one port", async () => {
    server = await secured();
    expect(server.url).toMatch(/^wss:/);
    await openStation(`${server.url}/CS002`, { ca: made.ca, username: "CS002", password: "secret" });
    await openStation(`${server.url}/CS001`, { ca: made.ca, ...made.station });
    expect([profileOf("CS002"), profileOf("CS001")]).toEqual([2, 3]);
    const wrong = await refused(`${server.url}/CS002`, { ca: made.ca, username: "CS002", password: "guess" });
    expect(wrong.status).toBe(401);
    const none = await refused(`${server.url}/CS003`, { ca: made.ca });
    expect(none).toMatchObject({ status: 401, headers: { "www-authenticate": expect.stringContaining("Basic") } });
  });

  it("lets a certificate in for its own station only (A00.FR.405)", async () => {
    server = await secured();
    const told = nextEvent(server, "refused");
    expect((await refused(`${server.url}/CS002`, { ca: made.ca, ...made.station })).status).toBe(403);
    expect(await told).toMatchObject({ cause: "certificate", status: 403 });
    // An alternative name is not a second way in, and of two common names neither is one (A00.FR.511).
    expect((await refused(`${server.url}/CS001`, { ca: made.ca, ...made.named })).status).toBe(403);
    expect((await refused(`${server.url}/CS001`, { ca: made.ca, ...made.twofold })).status).toBe(403);
    await openStation(`${server.url}/12345`, { ca: made.ca, ...made.named });
    server = await secured({
      isCertificateOf: (certificate, identity) => identity === "CS9" && /12345/.test(certificate.subject),
    });
    await openStation(`${server.url}/CS9`, { ca: made.ca, ...made.named });
    expect((await refused(`${server.url}/CS001`, { ca: made.ca, ...made.named })).status).toBe(403);
  });

  it("lets certificates in of the organizations that are named (A00.FR.404)", async () => {
    server = await secured({ organizations: ["Acme"] });
    expect((await refused(`${server.url}/CS001`, { ca: made.ca, ...made.named })).status).toBe(403);
    await openStation(`${server.url}/CS001`, { ca: made.ca, ...made.station });
  });

  it.each(["expired", "stranger"] as const)(
    "ends the connection of a certificate that is %s (A00.FR.407)",
    async (kind) => {
      server = await secured();
      const told = nextEvent(server, "refused");
      // Right credentials do not help.
      const answer = refused(`${server.url}/CS001`, {
        ca: made.ca,
        ...made[kind],
        username: "CS001",
        password: "secret",
      });
      await expect(answer).rejects.toThrow();
      expect(await told).toMatchObject({ cause: "certificate", status: undefined, error: expect.any(Error) });
      expect(server.peers.size).toBe(0);
    },
  );

  it("asks for a certificate where only profile 3 is served", async () => {
    server = await secured({ securityProfiles: [3] });
    const without = await refused(`${server.url}/CS001`, { ca: made.ca, username: "CS001", password: "secret" });
    expect(without.status).toBe(403);
    await openStation(`${server.url}/CS001`, { ca: made.ca, ...made.station });
    expect(profileOf()).toBe(3);
  });

  it("changes its certificates without a restart and without losing a connection", async () => {
    server = await secured();
    const station = await openStation(`${server.url}/CS001`, { ca: made.ca, ...made.station });
    const nameOf = (socket: TLSSocket): unknown => socket.getPeerCertificate().subject.CN;
    const before = await openTls(server.url, {});
    server.updateTls({ ...made.renewed, ca: made.ca });
    const after = await openTls(server.url, {});
    expect([nameOf(before.socket), nameOf(after.socket)]).toEqual(["localhost", "renewed"]);
    before.socket.destroy();
    after.socket.destroy();
    station.socket.send('[2,"1","Boot",{}]');
    expect(await station.next()).toMatch(/^\[3,/);
    expect(() => {
      server.updateTls({ cert: made.rsa.cert, key: made.ecdsa.key });
    }).toThrow(/do not fit/);
    expect(() => {
      server.updateTls({ cert: made.rsa.cert });
    }).toThrow(/each needs the other/);
    await openStation(`${server.url}/CS002`, { ca: made.ca, username: "CS002", password: "secret" });
  });

  it("takes a frame in the segment of the request", async () => {
    server = await secured({ securityProfiles: [0], authenticate: async () => ({}) });
    const { wire } = await openTls(server.url, {});
    const frame = Buffer.from([0x81, 0x91, 0, 0, 0, 0]);
    wire.socket.write(Buffer.concat([Buffer.from(openingRequest("/CS001")), frame, Buffer.from('[2,"1","Boot",{}]')]));
    await wire.seen(/\[3,"1"/);
    wire.socket.destroy();
  });

  it("ends a handshake that is never finished", async () => {
    server = await secured({ handshakeTimeout: 100 });
    const wire = await openWire(server.url);
    await wire.ended;
  });
});

describe("without TLS", () => {
  const open = { authenticate: ({ securityProfile }: { securityProfile: number }) => ({ securityProfile }) };
  const info = (server: TestServer, identity: string): unknown => server.peer(identity)?.info;

  it("serves profile 1 with the identity for a user name (A00.FR.204)", async () => {
    const server = await testServer(open);
    await openStation(`${server.url}/CS001`, { username: "CS001", password: "x" });
    expect(info(server, "CS001")).toEqual({ securityProfile: 1 });
    const told = nextEvent(server, "refused");
    const other = await refused(`${server.url}/CS001`, { username: "CS002", password: "x" });
    expect(other).toMatchObject({ status: 401, headers: { "www-authenticate": expect.anything() } });
    expect(await told).toMatchObject({ cause: "credentials" });
    expect((await refused(`${server.url}/CS001`)).status).toBe(401);
    expect((await refused(`${server.url}/CS001`, { headers: { Authorization: "Bearer x" } })).status).toBe(401);
    expect((await refused(`${server.url}/CS001`, { headers: { Authorization: "Basic ???" } })).status).toBe(401);
    const any = await testServer({ ...open, usernames: "any" });
    await openStation(`${any.url}/CS001`, { username: "CS002", password: "x" });
  });

  it("serves profile 0 only where it is told to", async () => {
    const server = await testServer({ ...open, securityProfiles: [0, 1] });
    await openStation(`${server.url}/CS001`);
    await openStation(`${server.url}/CS002`, { username: "CS002", password: "x" });
    expect([info(server, "CS001"), info(server, "CS002")]).toEqual([{ securityProfile: 0 }, { securityProfile: 1 }]);
  });

  it("refuses what needs TLS", async () => {
    const server = await testServer({ ...open, securityProfiles: [2, 3] });
    const told = nextEvent(server, "refused");
    expect((await refused(`${server.url}/CS001`, { username: "CS001", password: "x" })).status).toBe(403);
    expect(await told).toMatchObject({ cause: "security-profile" });
  });

  it("believes a proxy about TLS if it is trusted", async () => {
    const options = { username: "CS001", password: "x", headers: { "X-Forwarded-Proto": "https" } };
    const trusting = await testServer({ ...open, securityProfiles: [2], trustProxy: ["127.0.0.1"] });
    await openStation(`${trusting.url}/CS001`, options);
    expect(info(trusting, "CS001")).toEqual({ securityProfile: 2 });
    const wary = await testServer({ ...open, securityProfiles: [2] });
    expect((await refused(`${wary.url}/CS001`, options)).status).toBe(403);
  });
});
