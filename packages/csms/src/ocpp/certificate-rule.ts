import type { X509Certificate } from "node:crypto";
import { commonName } from "@ocpp/websocket/server";
import type { Configuration } from "../config/configuration.ts";

/** A station as the rule of an operator's program sees it. */
export interface CertifiedStation {
  readonly identity: string;
  /** The serial number that is recorded for the identity; null where none is, and for an unknown station. */
  readonly serialNumber: string | null;
}

/**
 * Says whether a client certificate, which an authority of `webSocket.tls.ca` has signed and which is valid, is the station's.
 * It takes the place of `webSocket.tls.certificateRule`: nothing else lets a certificate in. What it throws refuses the
 * connection with a 500.
 */
export type CertificateRule = (certificate: X509Certificate, station: CertifiedStation) => boolean | Promise<boolean>;

/** What a certificate is to a station: its own, another's, or unknown, since no serial number is recorded. */
export type CertificateOwner = "own" | "other" | "unrecorded";

/** The one rule of a CSMS by which certificates belong to stations. */
export interface CertificateOwnership {
  ownerOf(certificate: X509Certificate, station: CertifiedStation): Promise<CertificateOwner>;
  /**
   * The serial number of the station that a certificate names, where that is what the rule goes by; then a BootNotification
   * must not give another one (B01.FR.11).
   */
  serialNumberIn(certificate: X509Certificate): string | undefined;
}

/**
 * Makes the rule: that of the operator's program where there is one, or the one that the configuration names, never two. By
 * default the common name is the serial number recorded for the identity (A00.FR.405, A00.FR.511).
 */
export function certificateOwnership(
  { certificateRule }: Configuration["webSocket"]["tls"],
  own: CertificateRule | undefined,
): CertificateOwnership {
  if (own !== undefined) {
    return {
      ownerOf: async (certificate, station) => ((await own(certificate, station)) ? "own" : "other"),
      serialNumberIn: () => undefined,
    };
  }
  if (certificateRule === "identity") {
    return {
      ownerOf: async (certificate, { identity }) => (commonName(certificate) === identity ? "own" : "other"),
      serialNumberIn: () => undefined,
    };
  }
  return {
    ownerOf: async (certificate, { serialNumber }) => {
      const name = commonName(certificate);
      if (name === undefined) return "other";
      if (serialNumber === null) return "unrecorded";
      return name === serialNumber ? "own" : "other";
    },
    serialNumberIn: commonName,
  };
}
