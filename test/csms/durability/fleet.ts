import { type FieldStation, startFieldStation } from "./field-station.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { Chance } from "./random.ts";
import { boot16, charge16 } from "./script-1.6.ts";
import { boot201, charge201 } from "./script-2.0.1.ts";

/** Stations that charge, all at once, half of them of 1.6 and half of 2.0.1. */
export interface Fleet {
  readonly ledger: Ledger;
  /** Resolves when every station has ended its transaction and every message was answered. */
  finish(): Promise<void>;
  /** Gives up, whatever is under way; for the end of a test, however it went. */
  abandon(): void;
}

/** Starts so many stations. */
export function startFleet(options: {
  readonly size: number;
  readonly chance: Chance;
  readonly url: () => string | undefined;
  /** The most milliseconds that a station rests between messages; 4 unless given. */
  readonly rest?: number;
}): Fleet {
  const { size, chance, url, rest = 4 } = options;
  const ledger = createLedger();
  const stations: FieldStation[] = Array.from({ length: size }, (_none, index) => {
    const number = String(index).padStart(3, "0");
    const common = { url, chance: chance.branch(), ledger, rest };
    return index % 2 === 0
      ? startFieldStation({ ...common, identity: `OLD-${number}`, protocol: "ocpp1.6" }, boot16, charge16)
      : startFieldStation({ ...common, identity: `NEW-${number}`, protocol: "ocpp2.0.1" }, boot201, charge201);
  });
  return {
    ledger,
    finish: async () => {
      await Promise.all(stations.map((station) => station.finish()));
    },
    abandon: () => {
      for (const station of stations) station.abandon();
    },
  };
}
