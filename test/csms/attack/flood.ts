import { randomUUID } from "node:crypto";
import { type Line, openLine } from "../durability/line.ts";
import { pause } from "../durability/pause.ts";

const boot = { chargePointVendor: "Acme", chargePointModel: "Flood" };

/** Connects so many stations of 1.6, which are accepted when this resolves. */
async function openLines(url: string, name: string, count: number): Promise<Line[]> {
  const lines = await Promise.all(
    Array.from({ length: count }, (_none, index) => openLine(url, `${name}-${index}`, "ocpp1.6")),
  );
  await Promise.all(lines.map((line) => line.ask(randomUUID(), "BootNotification", boot)));
  return lines;
}

/** Stations that send without waiting for answers. */
export interface Flood {
  /** Lets each station send so many MeterValues, all at once. */
  send(messages: number): void;
  end(): void;
}

/** Opens a flood of so many stations. */
export async function openFlood(url: string, stations: number): Promise<Flood> {
  const lines = await openLines(url, "FLOOD", stations);
  return {
    send: (messages) => {
      for (let message = 0; message < messages; message += 1) {
        for (const line of lines) {
          const sampledValue = [{ value: String(message), measurand: "Energy.Active.Import.Register", unit: "Wh" }];
          const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
          // The connection may go first.
          line.ask(randomUUID(), "MeterValues", { connectorId: 1, meterValue }).catch(() => {});
        }
      }
    },
    end: () => {
      for (const line of lines) line.close();
    },
  };
}

/** Stations that report a status again and again, each when the one before was answered, and measure how long that takes. */
export interface Stopwatch {
  /** How many answers there were, and how many of them were errors. */
  readonly answered: number;
  readonly refused: number;
  /** The longest that a message took to be answered in any way, or has not been answered by now, in milliseconds. */
  slowest(): number;
  /** Stops asking; resolves when the last answers are here. */
  end(): Promise<void>;
}

/** Starts so many stations. */
export async function startStopwatch(url: string, stations: number): Promise<Stopwatch> {
  const lines = await openLines(url, "WATCH", stations);
  const waiting = new Map<Line, number>();
  let [answered, refused, longest] = [0, 0, 0];
  let ended = false;
  const going = (): boolean => !ended;
  const run = async (line: Line): Promise<void> => {
    for (let count = 0; going(); count += 1) {
      const since = performance.now();
      waiting.set(line, since);
      const status = count % 2 === 0 ? "Preparing" : "Available";
      const answer = await line.ask(randomUUID(), "StatusNotification", {
        connectorId: 1,
        status,
        errorCode: "NoError",
      });
      waiting.delete(line);
      longest = Math.max(longest, performance.now() - since);
      answered += 1;
      if ("error" in answer) refused += 1;
      await pause(20);
    }
  };
  const ran = Promise.all(lines.map(run));
  // Told by `end`; until then a connection that goes is nobody's.
  ran.catch(() => {});
  return {
    get answered() {
      return answered;
    },
    get refused() {
      return refused;
    },
    slowest: () => Math.max(longest, ...Array.from(waiting.values(), (since) => performance.now() - since)),
    end: async () => {
      ended = true;
      try {
        await ran;
      } finally {
        for (const line of lines) line.close();
      }
    },
  };
}
