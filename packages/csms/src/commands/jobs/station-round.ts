import type { Services } from "../../services.ts";
import { pause } from "../../shared/pause.ts";
import { type AutomaticRequester, createAutomationGate } from "../../stations/automation.ts";

/** One thing that a station is asked to send. */
export interface Question {
  /** A message trigger, in the words of 1.6 or 2.x. */
  readonly message: string;
  readonly where?: { readonly evseId?: number | undefined; readonly connectorId?: number | undefined } | undefined;
}

/** What a round came to. */
export interface RoundCounts {
  readonly asked: number;
  readonly accepted: number;
}

/** How a round goes. */
export interface RoundOptions {
  /** Who asks: the background service. */
  readonly by: AutomaticRequester;
  /** Milliseconds between two questions to one station. */
  readonly spacing: number;
  readonly signal: AbortSignal;
}

/** The services that a round needs. */
export type RoundServices = Pick<Services, "operations" | "stations" | "clock" | "configuration" | "log">;

/** How many stations are asked at a time. */
const parallel = 32;

/** Runs work for each key, a few at a time. */
async function sideBySide<K>(keys: Iterable<K>, work: (key: K) => Promise<void>): Promise<void> {
  const waiting = Array.from(keys).values();
  const worker = async (): Promise<void> => {
    for (const key of waiting) await work(key);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

/**
 * Asks stations to send messages (TriggerMessage): each station its questions in order and spaced out, many stations side by
 * side. A station that refuses, or does not answer, is left for the next round.
 */
export async function askStations(
  { operations, stations, clock, configuration, log }: RoundServices,
  questions: ReadonlyMap<string, readonly Question[]>,
  { by, spacing, signal }: RoundOptions,
): Promise<RoundCounts> {
  const automation = createAutomationGate(configuration);
  let asked = 0;
  let accepted = 0;
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  signal.addEventListener("abort", stop);

  const ask = async (stationId: string, { message, where }: Question): Promise<void> => {
    try {
      const result = await operations.triggerMessage(stationId, message, by, where);
      if (result.accepted) accepted += 1;
    } catch (error) {
      log.part("background").debug({ service: by.by, stationId, error }, "A station could not be asked for a message");
    }
  };

  try {
    await sideBySide(questions.keys(), async (stationId) => {
      for (const [index, question] of (questions.get(stationId) ?? []).entries()) {
        if (index > 0) await pause(clock, spacing, signal);
        if (signal.aborted) return;
        if (!automation.allows(stations.live(stationId), by.automation)) return;
        asked += 1;
        // A station may take long to answer; closing does not wait for it.
        await Promise.race([ask(stationId, question), stopped]);
      }
    });
  } finally {
    signal.removeEventListener("abort", stop);
  }
  return { asked, accepted };
}

/** A sentence about a round. */
export function roundSentence({ asked, accepted }: RoundCounts, what: string): string {
  return asked === 0 ? "No station had to be asked." : `${accepted} of ${asked} requests for ${what} were accepted.`;
}

/** Where a connector is, as a trigger says it: of 1.6 by its number, of 2.x with its EVSE; nowhere where it is not known. */
export function placeOf({
  evse_id: evseId,
  connector_id: connectorId,
}: {
  readonly evse_id: number;
  readonly connector_id: number;
}): Question["where"] {
  if (evseId === 0) return undefined;
  return connectorId > 0 ? { evseId, connectorId } : { evseId };
}
