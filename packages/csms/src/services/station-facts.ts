import type { StationRow } from "../store/tables.ts";

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
  readonly note?: string | null | undefined;
}
