import type { StationRow } from "../store/tables/stations.ts";
import type { AutomationSwitches } from "./automation.ts";

/** What a station says of itself when it boots, of any version. */
export interface BootFacts {
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber?: string | undefined;
  readonly firmwareVersion?: string | undefined;
  readonly iccid?: string | undefined;
  readonly imsi?: string | undefined;
  readonly meterType?: string | undefined;
  readonly meterSerialNumber?: string | undefined;
  readonly reason?: string | undefined;
}

/** What an operator says of a station. What is left out stays, or gets its default. */
export interface StationSettings {
  readonly registration?: StationRow["registration"] | undefined;
  /** Seconds; null for the configured interval. */
  readonly heartbeatInterval?: number | null | undefined;
  /** The least security profile that it may connect with. */
  readonly securityProfile?: number | undefined;
  /** The serial number of its hardware, which its client certificate names (A00.FR.405); null where it is not known. */
  readonly serialNumber?: string | null | undefined;
  /** Whether it is served as if a BootNotification of it had been accepted; only an Accepted station can be. */
  readonly booted?: boolean | undefined;
  /** Whether it is let in with a client certificate that has expired; it is Pending then until it has a new one (A00.FR.429). */
  readonly allowExpiredCertificate?: boolean | undefined;
  /** The SHA-256 fingerprint of the client certificate that it must show; null to pin the next one that it shows. */
  readonly pinnedCertificate?: string | null | undefined;
  /** The fingerprint of the certificate that takes the place of that one as soon as the station shows it (A02). */
  readonly nextCertificate?: string | null | undefined;
  readonly note?: string | null | undefined;
  /** What the CSMS sends to it unasked; what is not named is as the configuration says. Takes the place of what was set. */
  readonly automation?: AutomationSwitches | undefined;
}
