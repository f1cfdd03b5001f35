import { type Clock, systemClock } from "./clock.ts";
import type { Sink, Transport } from "./transport.ts";

/** One frame on its way through a memory network. */
export interface MemoryFrame {
  /** The end that sent it: 0 for the first transport of the pair, 1 for the second. */
  readonly from: 0 | 1;
  readonly text: string;
  /** How many frames the network has carried before. */
  readonly index: number;
}

/**
 * What happens to a frame: it arrives, is lost, arrives twice, cuts the connection instead of arriving, arrives after a
 * number of milliseconds (so that later ones overtake it), or is held back and arrives on the next connection.
 */
export type Fault = "deliver" | "drop" | "duplicate" | "cut" | "hold" | { readonly delay: number };

/** How a memory network behaves. */
export interface MemoryOptions {
  /** Decides about each frame; all arrive, in order, unless given. */
  readonly fault?: (frame: MemoryFrame) => Fault;
  /** Counts the delays. */
  readonly clock?: Clock;
}

/** Connections in memory, one after the other, between the same two ends. */
export interface MemoryNetwork {
  /** Opens a connection; frames that were held back on an earlier one arrive on it first. */
  connect(subprotocol: string): [Transport, Transport];
}

/** What has happened at one end and has not reached its sink. */
type Arrival = { readonly text: string } | { readonly code: number; readonly reason: string };

class MemoryTransport implements Transport {
  readonly subprotocol: string;
  readonly #carry: (text: string) => void;
  readonly #hangUp: (code: number, reason: string) => void;
  readonly #arrivals: Arrival[] = [];
  #sink: Sink | undefined;
  #scheduled = false;
  open = true;

  constructor(subprotocol: string, carry: (text: string) => void, hangUp: (code: number, reason: string) => void) {
    this.subprotocol = subprotocol;
    this.#carry = carry;
    this.#hangUp = hangUp;
  }

  start(sink: Sink): void {
    if (this.#sink !== undefined) throw new TypeError("This transport has been started already");
    this.#sink = sink;
    this.#schedule();
  }

  send(text: string): void {
    if (!this.open) throw new TypeError("This transport is closed");
    this.#carry(text);
  }

  close(code = 1000, reason = ""): void {
    this.#hangUp(code, reason);
  }

  arrive(arrival: Arrival): void {
    this.#arrivals.push(arrival);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#sink === undefined || this.#scheduled || this.#arrivals.length === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    const arrival = this.#arrivals.shift();
    if (arrival === undefined) return;
    if ("text" in arrival) this.#sink?.message(arrival.text);
    else this.#sink?.closed(arrival.code, arrival.reason);
    this.#schedule();
  }
}

/**
 * Makes connections in memory for tests: no socket, no time of its own, every fault on request. A transport of it behaves
 * as one over a WebSocket does: frames arrive later than they are sent and in order, and nothing arrives after the end.
 */
export function memoryNetwork(options: MemoryOptions = {}): MemoryNetwork {
  const clock = options.clock ?? systemClock;
  const held: MemoryFrame[] = [];
  let count = 0;

  const connect = (subprotocol: string): [Transport, Transport] => {
    let ended = false;
    const hangUp = (code: number, reason: string): void => {
      if (ended) return;
      ended = true;
      for (const end of ends) {
        end.open = false;
        end.arrive({ code, reason });
      }
    };
    const deliver = (from: 0 | 1, text: string): void => {
      if (!ended) ends[from === 0 ? 1 : 0].arrive({ text });
    };
    const carry = (from: 0 | 1, text: string): void => {
      const frame: MemoryFrame = { from, text, index: count };
      count += 1;
      const fault = options.fault?.(frame) ?? "deliver";
      if (fault === "drop") return;
      if (fault === "cut") hangUp(1006, "");
      else if (fault === "hold") held.push(frame);
      else if (typeof fault === "object") clock.setTimer(() => deliver(from, text), fault.delay);
      else deliver(from, text);
      if (fault === "duplicate") deliver(from, text);
    };
    const end = (from: 0 | 1): MemoryTransport => new MemoryTransport(subprotocol, (text) => carry(from, text), hangUp);
    const ends: [MemoryTransport, MemoryTransport] = [end(0), end(1)];
    for (const { from, text } of held.splice(0)) deliver(from, text);
    return ends;
  };

  return { connect };
}

/** Two transports that are linked to each other; see `memoryNetwork`. */
export function memoryPair(subprotocol: string, options?: MemoryOptions): [Transport, Transport] {
  return memoryNetwork(options).connect(subprotocol);
}
