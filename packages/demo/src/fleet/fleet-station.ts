import { type Clock, type Endpoint, type Peer, type Protocol } from "@ocpp/core";
import type { V16 } from "@ocpp/v16";
import type { V201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { count, isFull, type Outlet } from "./outlet.ts";
import type { Duties, Speech, StopReason } from "./speech.ts";
import { endpoint16, speech16 } from "./speech-1.6.ts";
import { endpoint21, endpoint201, speech2x } from "./speech-2.x.ts";

/** A station of the demonstration fleet. */
export interface FleetStation {
  readonly identity: string;
  /** Charges that are under way. */
  readonly charging: number;
  /** Resolves when the first BootNotification was accepted. */
  readonly accepted: Promise<void>;
  /** Ends what is under way and disconnects. */
  close(): Promise<void>;
}

/** What a station of the fleet is and does. */
export interface FleetStationOptions {
  readonly url: string;
  readonly identity: string;
  readonly version: "1.6" | "2.0.1" | "2.1";
  readonly password: string;
  /** Cards that drivers show at the station. */
  readonly tokens: readonly string[];
  readonly clock: Clock;
  /** Told of what happens, in a few words. */
  readonly tell: (text: string) => void;
}

/** Milliseconds between meter values, and between drivers. */
const meterInterval = 10_000;
const driverInterval = 20_000;

const endpoints: Readonly<Record<FleetStationOptions["version"], (duties: Duties) => Endpoint<Protocol, "station">>> = {
  "1.6": endpoint16,
  "2.0.1": endpoint201,
  "2.1": endpoint21,
};

/**
 * Starts a station with three outlets, which does what the CSMS asks. At the first two drivers come and go; the third is
 * left to remote starts.
 */
export function startStation(options: FleetStationOptions): FleetStation {
  const { identity, version, clock, tell, tokens } = options;
  const outlets: readonly Outlet[] = [1, 2, 3].map((number) => ({
    number,
    meter: Math.floor(clock.random() * 5_000_000),
    charge: undefined,
    countedAt: clock.now(),
  }));
  let speech: Speech | undefined;
  let booted = false;
  let operative = true;
  const timers = new Set<unknown>();
  let accept: () => void = () => {};
  const accepted = new Promise<void>((resolve) => {
    accept = resolve;
  });

  /** Runs something later; what fails is told, since a connection may go at any time. */
  const later = (milliseconds: number, work: () => Promise<void>): void => {
    const timer = clock.setTimer(() => {
      timers.delete(timer);
      attempt(work);
    }, milliseconds);
    timers.add(timer);
  };
  const attempt = (work: () => Promise<void>): void => {
    work().catch((error: unknown) => {
      tell(error instanceof Error ? error.message : String(error));
    });
  };
  const outletOf = (number: number | undefined): Outlet | undefined =>
    outlets.find((outlet) => outlet.number === number);
  const chargeOf = (transactionId: string | undefined): Outlet | undefined =>
    outlets.find(({ charge }) => charge !== undefined && charge.transactionId === transactionId);

  const begin = async (outlet: Outlet, token: string, remoteStartId?: number): Promise<void> => {
    if (speech === undefined || outlet.charge !== undefined || !operative) return;
    if (remoteStartId === undefined && !(await speech.authorize(token))) {
      tell(`${token} is not let in at outlet ${outlet.number}`);
      return;
    }
    await speech.status(outlet.number, "Occupied");
    count(outlet, clock.now());
    const meterStart = outlet.meter;
    const transactionId = await speech.started(outlet, token, remoteStartId);
    if (transactionId === undefined) {
      await speech.status(outlet.number, "Available");
      return;
    }
    const power = 3_700 + Math.floor(clock.random() * 18_300);
    const wanted = power / 60 + clock.random() * (power / 20);
    outlet.charge = { transactionId, token, remoteStartId, power, wanted, meterStart, seqNo: 0 };
    tell(`outlet ${outlet.number} charges with ${(power / 1000).toFixed(1)} kW for ${token}`);
    later(meterInterval, () => meter(outlet));
  };

  const end = async (outlet: Outlet, reason: StopReason): Promise<void> => {
    if (outlet.charge === undefined) return;
    count(outlet, clock.now());
    const energy = outlet.meter - outlet.charge.meterStart;
    await speech?.stopped(outlet, reason);
    outlet.charge = undefined;
    tell(`outlet ${outlet.number} has charged ${(energy / 1000).toFixed(2)} kWh (${reason})`);
    await speech?.status(outlet.number, operative ? "Available" : "Unavailable");
  };

  const meter = async (outlet: Outlet): Promise<void> => {
    const { charge } = outlet;
    if (charge === undefined) return;
    count(outlet, clock.now());
    try {
      if (isFull(outlet)) await end(outlet, "Local");
      else await speech?.metered(outlet);
    } finally {
      if (outlet.charge === charge) later(meterInterval, () => meter(outlet));
    }
  };

  const driver = async (): Promise<void> => {
    try {
      const free = outlets.slice(0, 2).find(({ charge }) => charge === undefined);
      const token = tokens[Math.floor(clock.random() * tokens.length)];
      if (booted && free !== undefined && token !== undefined) await begin(free, token);
    } finally {
      later(driverInterval + clock.random() * driverInterval, driver);
    }
  };

  const heartbeat = async (interval: number): Promise<void> => {
    try {
      if (booted) await speech?.heartbeat();
    } finally {
      later(interval, () => heartbeat(interval));
    }
  };

  const boot = async (reason: "PowerUp" | "RemoteReset"): Promise<void> => {
    if (speech === undefined) return;
    const { accepted: isAccepted, interval } = await speech.boot(reason);
    if (!isAccepted) {
      later(Math.max(interval, 1) * 1_000, () => boot(reason));
      return;
    }
    for (const { number, charge } of outlets)
      await speech.status(number, charge === undefined ? "Available" : "Occupied");
    if (booted) return;
    booted = true;
    accept();
    later(Math.max(interval, 1) * 1_000, () => heartbeat(Math.max(interval, 1) * 1_000));
    later(clock.random() * 2_000, driver);
  };

  const duties: Duties = {
    settings: new Map([
      ["HeartbeatInterval", "60"],
      ["MeterValueSampleInterval", "10"],
    ]),
    start: (token, remoteStartId, number) => {
      const outlet = number === undefined ? outlets.find(({ charge }) => charge === undefined) : outletOf(number);
      if (outlet === undefined || outlet.charge !== undefined || !operative) return false;
      later(200, () => begin(outlet, token, remoteStartId ?? 0));
      return true;
    },
    stop: (transactionId) => {
      const outlet = chargeOf(transactionId);
      if (outlet === undefined) return false;
      later(200, () => end(outlet, "Remote"));
      return true;
    },
    runs: (transactionId) => chargeOf(transactionId) !== undefined,
    reset: () => {
      attempt(async () => {
        for (const outlet of outlets) await end(outlet, "Reset");
        await boot("RemoteReset");
      });
    },
    unlock: (number) => {
      const outlet = outletOf(number);
      if (outlet !== undefined) later(100, () => end(outlet, "UnlockCommand"));
      return outlet !== undefined;
    },
    trigger: (message, number) => {
      const asked =
        number === undefined || number === 0 ? outlets : outlets.filter((outlet) => outlet.number === number);
      attempt(async () => {
        if (message === "Heartbeat") await speech?.heartbeat();
        for (const outlet of message === "Heartbeat" ? [] : asked) {
          count(outlet, clock.now());
          if (message === "MeterValues") await speech?.metered(outlet);
          else await speech?.status(outlet.number, outlet.charge === undefined ? "Available" : "Occupied");
        }
      });
      return asked.length > 0;
    },
    serve: (wanted) => {
      operative = wanted;
      attempt(async () => {
        for (const { number, charge } of outlets) {
          if (charge === undefined) await speech?.status(number, wanted ? "Available" : "Unavailable");
        }
      });
    },
  };

  const session = connect(options.url, [endpoints[version](duties)], {
    identity,
    password: options.password,
    clock,
    reconnect: { waitMinimum: 1_000, randomRange: 1_000, repeatTimes: 3 },
    onPeer: async (peer) => {
      speech =
        version === "1.6"
          ? speech16(peer as Peer<Protocol, "station"> as unknown as Peer<V16, "station">, "Woodland", "Alder")
          : speech2x(peer as Peer<Protocol, "station"> as unknown as Peer<V201, "station">, "Woodland", "Birch");
      await boot("PowerUp");
    },
    onFailure: ({ error }) => {
      speech = undefined;
      tell(error.message);
    },
  });

  return {
    identity,
    get charging() {
      return outlets.filter(({ charge }) => charge !== undefined).length;
    },
    accepted,
    close: async () => {
      for (const timer of timers) clock.clearTimer(timer);
      timers.clear();
      for (const outlet of outlets) {
        if (session.peer !== undefined) await end(outlet, "Local").catch(() => {});
      }
      await session.close({ timeout: 1_000 });
    },
  };
}
