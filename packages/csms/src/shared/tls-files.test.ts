import { execFileSync } from "node:child_process";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRevocationLists, subjectName } from "@ocpp/websocket/server";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type IssuedPair,
  openAuthority,
  type TestAuthority,
} from "../../../websocket/src/server/certificates/authority.fixture.ts";
import { hasOpenssl } from "../../../websocket/src/server/certificates/certificates.fixture.ts";
import { readTlsFiles, type TlsFiles } from "./tls-files.ts";

const available = hasOpenssl();
if (!available) process.stderr.write("SKIPPED: the tests of files for TLS need the openssl command\n");

describe.skipIf(!available)("files of a listener that speaks TLS", () => {
  let folder: string;
  let authority: TestAuthority;
  let other: TestAuthority;
  let pair: IssuedPair;
  let list: string;
  let listAsDer: string;
  const file = (name: string, contents: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, contents);
    return path;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ocpp-tls-files-"));
    authority = openAuthority();
    other = openAuthority("Other Root");
    pair = authority.issue({ subject: "/O=Acme/CN=SN-1" });
    list = authority.revoke(pair);
    listAsDer = join(folder, "list.der");
    execFileSync("openssl", ["crl", "-in", list, "-outform", "DER", "-out", listAsDer]);
  }, 60_000);

  afterAll(() => {
    authority.close();
    other.close();
    rmSync(folder, { recursive: true });
  });

  const serialNumberOf = ({ cert }: IssuedPair): string => new X509Certificate(cert).serialNumber.replace(/^0+/, "");
  const read = (files: Partial<TlsFiles>) =>
    readTlsFiles("webSocket.tls", { cert: [pair.certFile], key: [pair.keyFile], ...files });

  it("are read as they are, lists as PEM", () => {
    for (const revocationLists of [[list], [listAsDer]]) {
      const { cert, key, ca, crl, successorsDue } = read({ ca: [authority.caFile], revocationLists });
      expect([cert, key, ca]).toEqual(
        [pair.certFile, pair.keyFile, authority.caFile].map((name) => [readFileSync(name)]),
      );
      const [text = ""] = crl;
      const shown = execFileSync("openssl", ["crl", "-noout", "-issuer", "-nextupdate"], {
        input: text,
        encoding: "utf8",
      });
      expect(shown).toContain("Acme Root");
      const at = Date.parse(/nextUpdate=(.*)/.exec(shown)?.[1] ?? "");
      expect(successorsDue).toEqual([{ file: revocationLists[0], at }]);
      const [one] = readRevocationLists(readFileSync(list));
      expect(one?.issuer).toEqual(subjectName(new X509Certificate(authority.ca)));
      expect(Array.from(one?.revoked ?? [])).toEqual([serialNumberOf(pair)]);
    }
  });

  const stray = (): string => file("stray.txt", "Dear diary");
  it.each<readonly [string, () => Partial<TlsFiles>, RegExp]>([
    [
      "a certificate that is none",
      () => ({ cert: [stray()] }),
      /^webSocket\.tls\.cert: the file .*stray\.txt holds no certificate/,
    ],
    [
      "a key that is none",
      () => ({ key: [stray()] }),
      /^webSocket\.tls\.key: the file .*stray\.txt holds no private key/,
    ],
    [
      "authorities that are none",
      () => ({ ca: [stray()] }),
      /^webSocket\.tls\.ca: the file .*stray\.txt holds no certificate/,
    ],
    [
      "a certificate that is damaged",
      () => ({ ca: [file("cut.pem", authority.ca.replace(/M[A-Za-z0-9+/]{20}/, ""))] }),
      /^webSocket\.tls\.ca: the file .*cut\.pem holds no certificate that can be used/,
    ],
    ["a folder", () => ({ cert: [folder] }), /^webSocket\.tls\.cert: the file .* cannot be read \(EISDIR\)/],
    [
      "a key of another certificate",
      () => ({
        key: [
          file(
            "other.key",
            generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }),
          ),
        ],
      }),
      /^webSocket\.tls: the key in .*other\.key does not belong to the certificate in /,
    ],
    [
      "a list that is none",
      () => ({ ca: [authority.caFile], revocationLists: [stray()] }),
      /^webSocket\.tls\.revocationLists: the file .*stray\.txt holds no revocation list/,
    ],
    [
      "a certificate for a list",
      () => ({ ca: [authority.caFile], revocationLists: [file("c.der", new X509Certificate(authority.ca).raw)] }),
      /^webSocket\.tls\.revocationLists: the file .*c\.der holds no revocation list/,
    ],
    [
      "an authority without a list",
      () => ({ ca: [authority.caFile, other.caFile], revocationLists: [list] }),
      /^webSocket\.tls\.revocationLists: there is no list of O=Acme, CN=Other Root, an authority in /,
    ],
  ])("are refused with the setting, the file and the cause: %s", (_name, files, message) => {
    expect(() => read(files())).toThrow(message);
  });

  it("throw a RangeError for any list that is cut or changed in its form, and nothing else", () => {
    const der = readFileSync(listAsDer);
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), fc.boolean(), (at, value, cut) => {
        const changed = cut ? der.subarray(0, at) : Buffer.from(der);
        if (!cut) changed[at] = value;
        try {
          readRevocationLists(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
