import type { Clock } from "@ocpp/core";
import { type FleetStation, startStation } from "./fleet-station.ts";

/** The stations of the demonstration, by identity, and the version that each speaks. */
const members = [
  { identity: "DEMO-16", version: "1.6" },
  { identity: "DEMO-201", version: "2.0.1" },
  { identity: "DEMO-21", version: "2.1" },
] as const;

/** The cards of the demonstration's drivers; the last one is blocked. */
const cards = ["DEMO-CARD-1", "DEMO-CARD-2", "DEMO-CARD-BLOCKED"] as const;

/** Where the CSMS of the fleet is found. */
export interface FleetOptions {
  /** Where stations connect, such as `ws://127.0.0.1:9000`. */
  readonly webSocketUrl: string;
  /** Where REST is, such as `http://127.0.0.1:9001`. */
  readonly apiUrl: string;
  /** A key to REST, where it asks for one. */
  readonly apiKey?: string | undefined;
  readonly clock: Clock;
  readonly tell: (identity: string, text: string) => void;
}

/** The fleet, as it runs. */
export interface Fleet {
  readonly stations: readonly FleetStation[];
  /** Resolves when all stations are accepted. */
  readonly accepted: Promise<void>;
  close(): Promise<void>;
}

/** Makes REST calls; throws where one is refused with another status than those expected. */
function restOf({ apiUrl, apiKey }: FleetOptions) {
  return async (method: string, path: string, body: object, expected: readonly number[]): Promise<void> => {
    const response = await fetch(new URL(path, apiUrl), {
      method,
      headers: { "Content-Type": "application/json", ...(apiKey === undefined ? {} : { "X-API-Key": apiKey }) },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!expected.includes(response.status)) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  };
}

/** Enters stations and cards through REST, as an operator would, and starts the stations. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const rest = restOf(options);
  const password = crypto.randomUUID().replaceAll("-", "").slice(0, 20);
  for (const { identity } of members) {
    await rest(
      "POST",
      "/api/v1/stations",
      { id: identity, registration: "Accepted", note: "demonstration" },
      [201, 409],
    );
    await rest("PUT", `/api/v1/stations/${identity}/password`, { password }, [200, 204]);
  }
  for (const card of cards) {
    const status = card === "DEMO-CARD-BLOCKED" ? "Blocked" : "Accepted";
    await rest("PUT", `/api/v1/tokens/${card}`, { status, note: "demonstration" }, [200, 201]);
  }
  const stations = members.map(({ identity, version }) =>
    startStation({
      url: options.webSocketUrl,
      identity,
      version,
      password,
      tokens: cards,
      clock: options.clock,
      tell: (text) => {
        options.tell(identity, text);
      },
    }),
  );
  return {
    stations,
    accepted: Promise.all(stations.map(({ accepted }) => accepted)).then(() => {}),
    close: async () => {
      await Promise.all(stations.map((station) => station.close()));
    },
  };
}
