import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key, as PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** Certificates for tests, made anew for every run: no key is kept anywhere. */
export interface Certificates {
  /** The authority that signed all of them but `stranger`. */
  readonly ca: string;
  readonly ecdsa: Pair;
  readonly rsa: Pair;
  /** Another server certificate, to change to. */
  readonly renewed: Pair;
  /**
   * Stations' certificates: of CS001, an expired one, one of an authority that nobody knows, one with another common name and
   * a DNS name, and one with two common names.
   */
  readonly station: Pair;
  readonly expired: Pair;
  readonly stranger: Pair;
  readonly named: Pair;
  readonly twofold: Pair;
}

/** Whether there is an `openssl` to make certificates with. */
export function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
const rsa = ["-newkey", "rsa:2048"];

/** Makes the certificates with the `openssl` command. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "ocpp-certificates-"));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  };
  const read = (name: string): Pair => ({
    cert: readFileSync(file(`${name}.crt`), "utf8"),
    key: readFileSync(file(`${name}.key`), "utf8"),
  });
  const authority = (name: string): void => {
    openssl(
      "req",
      "-x509",
      ...ec,
      "-nodes",
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.crt`,
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
    );
  };
  const signed = (name: string, subject: string, newkey: string[], san: string, ca = "ca", days = "2"): Pair => {
    openssl("req", ...newkey, "-nodes", "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", subject);
    writeFileSync(file(`${name}.ext`), san === "" ? "basicConstraints=CA:FALSE\n" : `subjectAltName=${san}\n`);
    const issuer = ["-CA", `${ca}.crt`, "-CAkey", `${ca}.key`, "-CAcreateserial", "-days", days];
    openssl("x509", "-req", "-in", `${name}.csr`, "-extfile", `${name}.ext`, "-out", `${name}.crt`, ...issuer);
    return read(name);
  };
  try {
    authority("ca");
    authority("other");
    const host = "IP:127.0.0.1,DNS:localhost";
    return {
      ca: readFileSync(file("ca.crt"), "utf8"),
      ecdsa: signed("ecdsa", "/O=Acme/CN=localhost", ec, host),
      rsa: signed("rsa", "/O=Acme/CN=localhost", rsa, host),
      renewed: signed("renewed", "/O=Acme/CN=renewed", ec, host),
      station: signed("station", "/O=Acme/CN=CS001", ec, ""),
      expired: signed("expired", "/O=Acme/CN=CS001", ec, "", "ca", "-1"),
      stranger: signed("stranger", "/O=Acme/CN=CS001", ec, "", "other"),
      named: signed("named", "/O=Other/CN=12345", ec, "DNS:CS001"),
      twofold: signed("twofold", "/O=Acme/CN=CS001/CN=CS002", ec, ""),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
