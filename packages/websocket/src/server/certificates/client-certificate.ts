import type { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { ExpiredJudge } from "./expired-certificate.ts";

/** A client certificate as a TLS connection shows it. */
export interface PresentedCertificate {
  readonly certificate: X509Certificate;
  /** Why it is not valid, as a code of OpenSSL such as `CERT_HAS_EXPIRED`; `undefined` where it is, or where that is forgiven. */
  readonly invalid: string | undefined;
  /** Whether it has expired, and that is forgiven. */
  readonly expired: boolean;
}

/**
 * The certificate that the other side showed; `undefined` where it showed none or the connection is not TLS. `forgives` is asked
 * about one that has expired.
 */
export function presentedCertificate(socket: Duplex, forgives: ExpiredJudge): PresentedCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  if (socket.authorized) return { certificate, invalid: undefined, expired: false };
  const invalid = String(socket.authorizationError ?? "not authorized");
  const expired = invalid === "CERT_HAS_EXPIRED" && forgives(certificate);
  return { certificate, invalid: expired ? undefined : invalid, expired };
}

/** The values of one field of a name; a certificate may repeat a field. */
function values(field: string | string[] | undefined): readonly string[] {
  return field === undefined ? [] : Array.isArray(field) ? field : [field];
}

/**
 * The common name in the subject of a certificate, which names the station (A00.FR.405, A00.FR.511). Undefined where there is
 * none, and where there are several, of which nobody could say which one counts. Alternative names do not count.
 */
export function commonName(certificate: X509Certificate): string | undefined {
  const names = values(certificate.toLegacyObject().subject?.CN);
  return names.length === 1 && names[0] !== "" ? names[0] : undefined;
}

/** Whether a certificate is the station's: its common name is the identity, and nothing else counts. Letter case does. */
export function isCertificateOf(certificate: X509Certificate, identity: string): boolean {
  return commonName(certificate) === identity;
}

/** Whether a certificate belongs to one of the organizations (A00.FR.404): to any, where the list is not given. */
export function isOfOrganization(certificate: X509Certificate, organizations: readonly string[] | undefined): boolean {
  if (organizations === undefined) return true;
  return values(certificate.toLegacyObject().subject?.O).some((name) => organizations.includes(name));
}
