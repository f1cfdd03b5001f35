import type { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

/** A client certificate as a TLS connection shows it. */
export interface PresentedCertificate {
  readonly certificate: X509Certificate;
  /** Why it is not valid, as a code of OpenSSL such as `CERT_HAS_EXPIRED`; `undefined` where it is. */
  readonly invalid: string | undefined;
}

/** The certificate that the other side showed; `undefined` where it showed none or the connection is not TLS. */
export function presentedCertificate(socket: Duplex): PresentedCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  return {
    certificate,
    invalid: socket.authorized ? undefined : String(socket.authorizationError ?? "not authorized"),
  };
}

/** The values of one field of a name; a certificate may repeat a field. */
function values(field: string | string[] | undefined): readonly string[] {
  return field === undefined ? [] : Array.isArray(field) ? field : [field];
}

/**
 * Whether a certificate is the station's: its common name is the identity (A00.FR.405, A00.FR.511), or a DNS name among
 * its alternative names is, which some authorities insist on. Letter case counts.
 */
export function isCertificateOf(certificate: X509Certificate, identity: string): boolean {
  const { subject, subjectaltname } = certificate.toLegacyObject();
  return values(subject?.CN).includes(identity) || (subjectaltname ?? "").split(", ").includes(`DNS:${identity}`);
}

/** Whether a certificate belongs to one of the organizations (A00.FR.404): to any, where the list is not given. */
export function isOfOrganization(certificate: X509Certificate, organizations: readonly string[] | undefined): boolean {
  if (organizations === undefined) return true;
  return values(certificate.toLegacyObject().subject?.O).some((name) => organizations.includes(name));
}
