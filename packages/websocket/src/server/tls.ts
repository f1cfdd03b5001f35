import { createPrivateKey, X509Certificate } from "node:crypto";
import type { TlsOptions as NodeTlsOptions, SecureContextOptions } from "node:tls";
import type { SecurityProfile } from "./security-profile.ts";

/** PEM, as text or as bytes. */
export type Pem = string | Buffer;

/**
 * The server's certificates and keys, by the names of Node's `tls.createServer`. An ECDSA and an RSA certificate side by
 * side, `cert: [ecdsa, rsa], key: [ecdsaKey, rsaKey]`, are needed to serve every cipher suite that the specification asks
 * for (A00.FR.318).
 */
export interface TlsOptions {
  /** One certificate with its chain for each key, in the order of the keys. */
  readonly cert?: Pem | readonly Pem[];
  readonly key?: Pem | readonly Pem[];
  /** The authorities that sign the stations' certificates; needed for security profile 3. */
  readonly ca?: Pem | readonly Pem[];
  /** Revocation lists of those authorities. */
  readonly crl?: Pem | readonly Pem[];
  /**
   * What happens to a client certificate that has expired and has no other fault: `refuse` ends the connection, `ask` leaves
   * it to `authenticate`, which finds `certificateExpired` set (A00.FR.429). Its issuer must be among `ca`. `refuse` unless
   * given.
   */
  readonly expiredCertificates?: "refuse" | "ask";
  readonly pfx?: Pem | readonly Pem[];
  readonly passphrase?: string;
  /** Cipher suites in the notation of OpenSSL, in place of `cipherSuites`. */
  readonly ciphers?: string;
}

/**
 * The cipher suites on offer, best first: those of TLS 1.3, the four of the specification (A00.FR.318, A00.FR.421), and
 * the two ECDHE suites for an RSA certificate, which unlike the plain RSA ones keep past traffic secret.
 */
export const cipherSuites: readonly string[] = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_AES_128_GCM_SHA256",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "AES256-GCM-SHA384",
  "AES128-GCM-SHA256",
];

function list(value: Pem | readonly Pem[]): Pem | Pem[] {
  return typeof value === "string" || Buffer.isBuffer(value) ? value : [...value];
}

/** Several of what may be given as one. */
export function asArray(value: Pem | readonly Pem[] | undefined): readonly Pem[] {
  return value === undefined ? [] : typeof value === "string" || Buffer.isBuffer(value) ? [value] : value;
}

/** Node takes a certificate without its key, and fails when the first station comes; this fails at once. */
function checkPairs({ cert, key, passphrase }: TlsOptions): void {
  const certificates = asArray(cert);
  const keys = asArray(key);
  if (certificates.length !== keys.length) {
    throw new TypeError(`There are ${certificates.length} certificates and ${keys.length} keys: each needs the other`);
  }
  for (const [index, certificate] of certificates.entries()) {
    const parsed = new X509Certificate(certificate);
    const pem = keys[index] ?? "";
    const parsedKey = createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase });
    if (!parsed.checkPrivateKey(parsedKey)) {
      throw new TypeError(`The key and the certificate of ${parsed.subject.replaceAll("\n", ", ")} do not fit`);
    }
  }
}

/**
 * The part of the TLS options that can be changed while the server runs. TLS 1.2 is the least (A00.FR.313). Throws a TypeError
 * where certificates and keys do not fit, and what Node throws for those that it cannot read.
 */
export function secureContext(tls: TlsOptions): SecureContextOptions {
  checkPairs(tls);
  const { cert, key, ca, crl, pfx, passphrase, ciphers } = tls;
  return {
    ...(cert === undefined ? {} : { cert: list(cert) }),
    ...(key === undefined ? {} : { key: list(key) }),
    ...(ca === undefined ? {} : { ca: list(ca) }),
    ...(crl === undefined ? {} : { crl: list(crl) }),
    ...(pfx === undefined ? {} : { pfx: list(pfx) }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ciphers: ciphers ?? cipherSuites.join(":"),
    honorCipherOrder: true,
    minVersion: "TLSv1.2",
  };
}

/**
 * The options of a TLS server. A client certificate is asked for where profile 3 is served, and may be missing, so that
 * one port serves profiles 2 and 3; whoever is let in is decided later.
 */
export function tlsServerOptions(
  tls: TlsOptions,
  profiles: ReadonlySet<SecurityProfile>,
  handshakeTimeout: number,
): NodeTlsOptions {
  return { ...secureContext(tls), requestCert: profiles.has(3), rejectUnauthorized: false, handshakeTimeout };
}
