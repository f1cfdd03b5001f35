import { emptyCallResponse, type Version } from "./version.ts";

/** What serves the calls of one connection under test, and remembers them. */
export class Bench {
  /** The message ids of the calls and sends that reached a handler. */
  readonly handled: string[] = [];
  #release: () => void = () => {};
  readonly #released: Promise<void>;

  constructor() {
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  /** Lets the handlers that wait come to their end. */
  release(): void {
    this.#release();
  }

  /** Serves an action; a DataTransfer of the vendor `hang` waits for `release`. */
  serve(version: Version, action: string, request: unknown, messageId: string): unknown {
    this.handled.push(messageId);
    if (action === "Heartbeat" || action === "GetLocalListVersion") return emptyCallResponse(version, action);
    if (action === "NotifyPeriodicEventStream") return undefined;
    const hangs =
      typeof request === "object" && request !== null && "vendorId" in request && request.vendorId === "hang";
    return hangs ? this.#released.then(() => ({ status: "Accepted" })) : { status: "Accepted" };
  }
}
