import { randomUUID } from "node:crypto";
import type { Ledger } from "./ledger.ts";
import { type Line, LostError, openLine } from "./line.ts";
import { pause } from "./pause.ts";
import type { Chance } from "./random.ts";

/** What a station of a load test is. */
export interface FieldStationOptions {
  readonly identity: string;
  readonly protocol: "ocpp1.6" | "ocpp2.0.1";
  /** Where the CSMS is at the moment; undefined while it is down. */
  readonly url: () => string | undefined;
  readonly chance: Chance;
  readonly ledger: Ledger;
  /** The most milliseconds that it rests between messages. */
  readonly rest: number;
}

/** What a script of a version is given: the life of one station, message by message. */
export interface Field extends FieldStationOptions {
  /**
   * Gets a message through, however long that takes: repeats it where the connection goes before the answer comes, and
   * after an error. Resolves with the answer.
   */
  readonly deliver: (action: string, payload: object) => Promise<Record<string, unknown>>;
  /** Sends a message once, for what stations do not repeat. */
  readonly mention: (action: string, payload: object) => Promise<void>;
  /** The station's clock: each look at it is a second later. */
  readonly now: () => string;
}

/** A station that charges one car after another. */
export interface FieldStation {
  /** Resolves when the transaction that is under way has ended and every message was answered. */
  finish(): Promise<void>;
  /** Gives up, whatever is under way. */
  abandon(): void;
}

/** What a station does with one car. */
export type Script = (field: Field) => Promise<void>;

class AbandonedError extends Error {
  override readonly name = "AbandonedError";
}

/** Starts a station. Its boot is told once in its life, as one tells it whose power never fails. */
export function startFieldStation(options: FieldStationOptions, boot: object, script: Script): FieldStation {
  const { identity, protocol, url, chance, ledger, rest } = options;
  let line: Line | undefined;
  let finishing = false;
  let abandoned = false;
  // A day ago, so that no time is in the future however many messages there are.
  let clock = Date.now() - 86_400_000;

  const connected = async (): Promise<Line> => {
    for (;;) {
      if (abandoned) throw new AbandonedError("The station was given up");
      if (line?.open === true) return line;
      const place = url();
      try {
        if (place !== undefined) {
          line = await openLine(place, identity, protocol);
          return line;
        }
      } catch (error) {
        if (!(error instanceof LostError)) throw error;
      }
      await pause(chance.between(20, 120));
    }
  };

  const deliver: Field["deliver"] = async (action, payload) => {
    let messageId: string = randomUUID();
    for (;;) {
      const current = await connected();
      try {
        const answer = await current.ask(messageId, action, payload);
        if ("result" in answer) {
          ledger.answered += 1;
          if (rest > 0) await pause(chance.between(0, rest));
          return answer.result;
        }
        ledger.refused += 1;
        ledger.codes.add(answer.error);
        await pause(chance.between(50, 200));
      } catch (error) {
        if (!(error instanceof LostError)) throw error;
      }
      ledger.repeated += 1;
      // Stations of 1.6 give a repeat a new id; those of 2.0.1 do either.
      if (protocol === "ocpp1.6" || chance.next() < 0.5) messageId = randomUUID();
    }
  };

  const field: Field = {
    ...options,
    deliver,
    mention: async (action, payload) => {
      const current = await connected();
      await current.ask(randomUUID(), action, payload).catch((error: unknown) => {
        if (!(error instanceof LostError)) throw error;
      });
    },
    now: () => {
      clock += 1_000;
      return new Date(clock).toISOString();
    },
  };

  const live = async (): Promise<void> => {
    await deliver("BootNotification", boot);
    const onward = (): boolean => !finishing;
    while (onward()) await script(field);
  };
  const ended = live().finally(() => line?.close());
  // Looked at in `finish`; until then a failure is nobody's.
  ended.catch(() => {});
  return {
    finish: () => {
      finishing = true;
      return ended;
    },
    abandon: () => {
      abandoned = true;
      line?.close();
    },
  };
}
