import { InvalidRequestError } from "../shared/service-error.ts";
import type { StationRow } from "../store/tables/stations.ts";

/**
 * A SHA-256 fingerprint as Node writes it: pairs of capitals with colons in between. Takes lower case and texts without colons,
 * too; throws an InvalidRequestError that names the field for anything else.
 */
export function fingerprintText(field: string, text: string): string {
  const digits = text.replaceAll(":", "").toUpperCase();
  if (!/^[0-9A-F]{64}$/.test(digits)) {
    throw new InvalidRequestError(
      `${field} must be a SHA-256 fingerprint: 64 hexadecimal digits, colons may stand between`,
    );
  }
  return digits.match(/../g)?.join(":") ?? "";
}

/** The fingerprints of the client certificates that a station is let in with under pinning. */
export type CertificatePins = Pick<StationRow, "next_certificate" | "pinned_certificate">;

/** What a certificate is to the pins of a station: the pinned one, the announced one, another one, or the first. */
export type PinVerdict = "pinned" | "announced" | "other" | "first";

/** Judges a fingerprint by the pins of a station. An announced certificate counts also before there is a pinned one. */
export function judgePin(
  { pinned_certificate: pinned, next_certificate: next }: CertificatePins,
  fingerprint: string,
): PinVerdict {
  if (fingerprint === pinned) return "pinned";
  if (fingerprint === next) return "announced";
  return pinned === null && next === null ? "first" : "other";
}
