/** One frame as one end of one connection saw it. */
export interface LoggedFrame {
  readonly direction: "inbound" | "outbound";
  readonly type: number;
  readonly id: string;
  readonly text: string;
  readonly at: number;
}

/** The frames of one end of one connection, in the order in which they came and left. */
export class FrameLog {
  readonly frames: LoggedFrame[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** To be handed to a peer as its `frames`. */
  readonly add = (direction: "inbound" | "outbound", text: string): void => {
    const [type, id] = JSON.parse(text) as [number, string];
    this.frames.push({ direction, type, id, text, at: this.#now() });
  };

  /** The ids of the calls that left, in order. */
  get sent(): string[] {
    return this.frames.filter(({ direction, type }) => direction === "outbound" && type === 2).map(({ id }) => id);
  }

  /**
   * Answers that left although no call of that id had come in on this connection, or more often than it had come. There
   * must be none.
   */
  get strayAnswers(): LoggedFrame[] {
    const open = new Map<string, number>();
    return this.frames.filter(({ direction, type, id }) => {
      if (direction === "inbound" && type === 2) open.set(id, (open.get(id) ?? 0) + 1);
      if (direction !== "outbound" || (type !== 3 && type !== 4)) return false;
      const left = (open.get(id) ?? 0) - 1;
      open.set(id, left);
      return left < 0;
    });
  }

  /**
   * Calls that left while another was still outstanding: neither answered, nor given up at `givenUpAt` or before. There
   * must be none (OCPP-J 2.0.1 §4.1.1).
   */
  overlaps(givenUpAt: (id: string) => number): LoggedFrame[] {
    let outstanding: string | undefined;
    return this.frames.filter(({ direction, type, id, at }) => {
      if (direction === "inbound" && (type === 3 || type === 4) && id === outstanding) outstanding = undefined;
      if (direction !== "outbound" || type !== 2) return false;
      const overlap = outstanding !== undefined && givenUpAt(outstanding) > at;
      outstanding = id;
      return overlap;
    });
  }
}
