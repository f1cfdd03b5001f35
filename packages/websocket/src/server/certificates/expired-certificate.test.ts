import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStation, refused } from "../raw-station.fixture.ts";
import { type TestServer, testServer } from "../test-server.fixture.ts";
import type { TlsOptions } from "../tls.ts";
import { type IssuedPair, openAuthority, type TestAuthority } from "./authority.fixture.ts";
import { hasOpenssl, type Pair } from "./certificates.fixture.ts";
import { expiredJudge } from "./expired-certificate.ts";

const available = hasOpenssl();
if (!available) process.stderr.write("SKIPPED: the tests of expired certificates need the openssl command\n");

describe.skipIf(!available)("a client certificate that has expired (A00.FR.429)", () => {
  let authority: TestAuthority;
  let stranger: TestAuthority;
  let own: IssuedPair;
  let expired: IssuedPair;
  let current: IssuedPair;
  let server: TestServer | undefined;

  beforeAll(() => {
    authority = openAuthority();
    stranger = openAuthority("Acme Root");
    own = authority.issue({ subject: "/CN=localhost", extensions: "subjectAltName=IP:127.0.0.1" });
    expired = authority.issue({ subject: "/O=Acme/CN=CS001", days: -1 });
    current = authority.issue({ subject: "/O=Acme/CN=CS001" });
  }, 60_000);

  afterAll(async () => {
    await server?.close({ timeout: 0 });
    authority.close();
    stranger.close();
  });

  const tls = (more: Partial<TlsOptions> = {}): TlsOptions => ({
    cert: own.cert,
    key: own.key,
    ca: authority.ca,
    expiredCertificates: "ask",
    ...more,
  });

  const judge = (pair: Pair, more: Partial<TlsOptions> = {}): boolean =>
    expiredJudge(tls(more))(new X509Certificate(pair.cert));

  it("comes before `authenticate` where that is asked, and is refused otherwise", async () => {
    const seen: boolean[] = [];
    const station = (pair: Pair) => ({ ca: authority.ca, cert: pair.cert, key: pair.key });
    server = await testServer({
      tls: tls(),
      securityProfiles: [3],
      authenticate: ({ certificateExpired }) => {
        seen.push(certificateExpired);
        return {};
      },
    });
    await openStation(`${server.url}/CS001`, station(expired));
    await openStation(`${server.url}/CS001`, station(current));
    expect(seen).toEqual([true, false]);
    const foreign = stranger.issue({ subject: "/O=Acme/CN=CS001", days: -1 });
    await expect(refused(`${server.url}/CS001`, station(foreign))).rejects.toThrow();
    server.updateTls(tls({ crl: readFileSync(authority.revoke(expired)) }));
    await expect(refused(`${server.url}/CS001`, station(expired))).rejects.toThrow();
    server.updateTls(tls({ expiredCertificates: "refuse" }));
    await expect(refused(`${server.url}/CS001`, station(expired))).rejects.toThrow();
    expect(seen).toEqual([true, false]);
  });

  it("has somebody who is asked", async () => {
    await expect(testServer({ tls: tls(), securityProfiles: [3] })).rejects.toThrow("give an `authenticate`");
  });

  it("is forgiven its age and nothing else", () => {
    expect(judge(expired)).toBe(true);
    expect(judge(expired, { expiredCertificates: "refuse" })).toBe(false);
    expect(judge(current)).toBe(false);
    // The same name with other keys: the signature does not fit.
    expect(judge(stranger.issue({ subject: "/O=Acme/CN=CS001", days: -1 }))).toBe(false);
    expect(judge(expired, { ca: stranger.ca })).toBe(false);
    const forServers = "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth";
    expect(judge(authority.issue({ subject: "/CN=CS001", days: -1, extensions: forServers }))).toBe(false);
    const forClients = "basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth";
    expect(judge(authority.issue({ subject: "/CN=CS001", days: -1, extensions: forClients }))).toBe(true);
    const ofAuthority = "basicConstraints=critical,CA:TRUE";
    expect(judge(authority.issue({ subject: "/CN=CS001", days: -1, extensions: ofAuthority }))).toBe(false);
  });

  it("stands on no list, and there is one in date", () => {
    const other = authority.issue({ subject: "/CN=CS002", days: -1 });
    const lists = readFileSync(authority.revoke(other));
    expect(judge(expired, { crl: lists })).toBe(true);
    expect(judge(other, { crl: lists })).toBe(false);
    const later = expiredJudge(tls({ crl: lists }), () => Date.now() + 1.5 * 86_400_000);
    expect(later(new X509Certificate(expired.cert))).toBe(false);
    const another = openAuthority("Other Root");
    expect(judge(expired, { crl: readFileSync(another.revoke()) })).toBe(false);
    another.close();
  });

  it("has an issuer among the authorities that is in date, up to the root", () => {
    const folder = mkdtempSync(join(tmpdir(), "ocpp-chain-"));
    const openssl = (...args: readonly string[]): void => {
      execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    };
    const below = (name: string, issuer: IssuedPair): Pair => {
      const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
      openssl("req", ...ec, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", "/O=Acme/CN=CS001");
      writeFileSync(join(folder, "ext"), "basicConstraints=CA:FALSE\n");
      const signer = ["-CA", issuer.certFile, "-CAkey", issuer.keyFile, "-CAcreateserial", "-days", "-1"];
      openssl("x509", "-req", "-in", `${name}.csr`, "-extfile", "ext", "-out", `${name}.crt`, ...signer);
      return { cert: readFileSync(join(folder, `${name}.crt`), "utf8"), key: "" };
    };
    const extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign";
    const middle = authority.issue({ subject: "/O=Acme/CN=Middle", extensions });
    const old = authority.issue({ subject: "/O=Acme/CN=Old", extensions, days: -1 });
    const leaf = below("leaf", middle);
    expect(judge(leaf)).toBe(false);
    expect(judge(leaf, { ca: [authority.ca, middle.cert] })).toBe(true);
    // One file with both, as chains are kept.
    expect(judge(leaf, { ca: `${authority.ca}\n${middle.cert}` })).toBe(true);
    expect(judge(leaf, { ca: middle.cert })).toBe(false);
    expect(judge(below("late", old), { ca: [authority.ca, old.cert] })).toBe(false);
    // A certificate that is no authority signs nothing.
    expect(judge(below("odd", current), { ca: [authority.ca, current.cert] })).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
