import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pair } from "./certificates.fixture.ts";

/** What a certificate is to say. */
export interface IssueOptions {
  /** As `openssl` takes it, such as `/O=Acme/CN=CS001`. */
  readonly subject: string;
  /** Its lines of extensions; `basicConstraints=CA:FALSE` unless given. */
  readonly extensions?: string;
  /** How many days it is valid from now on; below 0 for one that has expired. 2 unless given. */
  readonly days?: number;
}

/** A certificate with its key, as PEM and as files. */
export interface IssuedPair extends Pair {
  readonly certFile: string;
  readonly keyFile: string;
}

/** An authority of a test, with the `openssl` command behind it; its keys are gone after `close`. */
export interface TestAuthority {
  /** Its own certificate. */
  readonly ca: string;
  readonly caFile: string;
  issue(options: IssueOptions): IssuedPair;
  /** Its revocation list, valid for a day, with these certificates on it; the name of the file. */
  revoke(...revoked: readonly Pair[]): string;
  close(): void;
}

const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

const listConfiguration = `[ca]
default_ca = own
[own]
database = index.txt
default_md = sha256
default_crl_days = 1
`;

/** Opens an authority in a folder of its own. */
export function openAuthority(name = "Acme Root"): TestAuthority {
  const folder = mkdtempSync(join(tmpdir(), "ocpp-authority-"));
  const file = (base: string): string => join(folder, base);
  const openssl = (...args: readonly string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  };
  openssl("req", "-x509", ...ec, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", `/O=Acme/CN=${name}`);
  let issued = 0;
  let lists = 0;
  return {
    ca: readFileSync(file("ca.crt"), "utf8"),
    caFile: file("ca.crt"),
    issue: ({ subject, extensions = "basicConstraints=CA:FALSE", days = 2 }) => {
      issued += 1;
      const [key, csr, ext, crt] = ["key", "csr", "ext", "crt"].map((ending) => `${issued}.${ending}`) as [
        string,
        string,
        string,
        string,
      ];
      openssl("req", ...ec, "-keyout", key, "-out", csr, "-subj", subject);
      writeFileSync(file(ext), `${extensions}\n`);
      const issuer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", String(days)];
      openssl("x509", "-req", "-in", csr, "-extfile", ext, "-out", crt, ...issuer);
      return {
        cert: readFileSync(file(crt), "utf8"),
        key: readFileSync(file(key), "utf8"),
        certFile: file(crt),
        keyFile: file(key),
      };
    },
    revoke: (...revoked) => {
      const lines = revoked.map(({ cert }) => {
        const { serialNumber, subject } = new X509Certificate(cert);
        const times = "491231235959Z\t200101000000Z";
        return `R\t${times}\t${serialNumber}\tunknown\t/${subject.replaceAll("\n", "/")}\n`;
      });
      writeFileSync(file("index.txt"), lines.join(""));
      writeFileSync(file("list.cnf"), listConfiguration);
      lists += 1;
      const list = `${lists}.crl`;
      openssl("ca", "-config", "list.cnf", "-gencrl", "-keyfile", "ca.key", "-cert", "ca.crt", "-out", list);
      return file(list);
    },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
