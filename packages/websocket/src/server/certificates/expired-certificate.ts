import { X509Certificate } from "node:crypto";
import { asArray, type TlsOptions } from "../tls.ts";
import { type RevocationList, readRevocationLists, serialNumberText, subjectName } from "./revocation-list.ts";

/** The purpose of TLS clients (RFC 5280 §4.2.1.12). */
const clientAuthentication = "1.3.6.1.5.5.7.3.2";
/** How many authorities may stand above each other. */
const longestChain = 10;

const certificateBlock = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]*-----END CERTIFICATE-----/g;

function isValidNow(certificate: X509Certificate, now: number): boolean {
  return Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

/** Whether a certificate stands on no list of its authority, and there is one in date, where lists are looked at. */
function isUnrevoked(
  { serialNumber }: X509Certificate,
  authority: X509Certificate,
  lists: readonly RevocationList[],
  now: number,
): boolean {
  if (lists.length === 0) return true;
  const own = lists.filter(({ issuer }) => issuer.equals(subjectName(authority)));
  const serial = serialNumberText(serialNumber);
  return (
    own.some(({ nextUpdate }) => nextUpdate === undefined || nextUpdate >= now) &&
    own.every(({ revoked }) => !revoked.has(serial))
  );
}

/** Whether a certificate is issued by an authority that is trusted, up to one that is its own issuer. */
function isTrusted(
  certificate: X509Certificate,
  authorities: readonly X509Certificate[],
  lists: readonly RevocationList[],
  now: number,
  depth = 0,
): boolean {
  if (depth > longestChain) return false;
  return authorities.some((authority) => {
    if (!isValidNow(authority, now) || !isIssuedBy(certificate, authority)) return false;
    if (!isUnrevoked(certificate, authority, lists, now)) return false;
    return isIssuedBy(authority, authority) || isTrusted(authority, authorities, lists, now, depth + 1);
  });
}

/** Says of a certificate that TLS has found expired whether that is all that is wrong with it. */
export type ExpiredJudge = (certificate: X509Certificate) => boolean;

/**
 * Makes the judge for the authorities and lists of TLS options. What TLS reports as expired may have other faults, too, which
 * that hides, so everything is verified here: its signature, that its issuer is among the authorities themselves and in date
 * up to a root (intermediate certificates that the station sends do not count), that it may be used by clients, and that no
 * list has it. Forgives nothing unless `expiredCertificates` is `ask`.
 */
export function expiredJudge(tls: TlsOptions | undefined, now: () => number = Date.now): ExpiredJudge {
  if (tls?.expiredCertificates !== "ask") return () => false;
  const authorities = asArray(tls.ca).flatMap((pem) =>
    (String(pem).match(certificateBlock) ?? []).map((text) => new X509Certificate(text)),
  );
  const lists = asArray(tls.crl).flatMap((pem) => readRevocationLists(Buffer.from(pem)));
  return (certificate) => {
    const time = now();
    const { keyUsage } = certificate;
    // Node's types leave out that certificates need not name any purpose.
    const purposes = keyUsage as readonly string[] | undefined;
    return (
      Date.parse(certificate.validFrom) <= time &&
      Date.parse(certificate.validTo) < time &&
      !certificate.ca &&
      (purposes === undefined || purposes.includes(clientAuthentication)) &&
      isTrusted(certificate, authorities, lists, time)
    );
  };
}
