import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import type { Clock } from "@ocpp/core";
import type { WebhookRow } from "../store/tables/webhooks.ts";
import type { WebhookAddresses } from "./address.ts";
import { signWebhook } from "./signature.ts";

/** How an attempt to deliver ended: whether it was taken, the HTTP status where there was one, and what was wrong. */
export interface WebhookAnswer {
  readonly delivered: boolean;
  readonly status: number | null;
  /** A sentence without addresses and contents; null where it was delivered. */
  readonly error: string | null;
  /** Milliseconds that the receiver asks to be left alone. */
  readonly retryAfter: number;
}

/** What is posted: the id that receivers deduplicate by, and the JSON. */
export interface WebhookPost {
  readonly id: string;
  readonly body: string;
}

/** Makes one attempt. Never rejects; after an abort the answer says nothing about the receiver. */
export type SendWebhook = (
  webhook: Pick<WebhookRow, "url" | "secret">,
  post: WebhookPost,
  signal: AbortSignal,
) => Promise<WebhookAnswer>;

/** Posts to receivers, over connections that are kept for the next post. */
export interface WebhookRequest {
  readonly send: SendWebhook;
  /** Closes the connections that are kept; to be called when no attempt is under way. */
  close(): void;
}

/** What the posts of all webhooks have in common. */
export interface WebhookRequestOptions {
  readonly clock: Clock;
  /** Milliseconds for a whole attempt, from the lookup of the name to the head of the answer. */
  readonly timeout: number;
  readonly userAgent: string;
  readonly addresses: WebhookAddresses;
}

/** How much of an answer's body is read, in bytes, and for how many milliseconds, so that its connection can be kept. */
const answerLimit = 16_384;
const answerTime = 1_000;
/** How many idle connections are kept for each receiver, and for how many milliseconds. */
const idleConnections = 32;
const idleTime = 30_000;

/** Says that a receiver may not be posted to. Its message is a sentence for operators, without the address. */
class RefusedAddressError extends Error {
  override readonly name = "RefusedAddressError";

  constructor(kind: string) {
    super(
      `The receiver has no public address (${kind}): allow its network in webhooks.allowedNetworks, or enter another`,
    );
  }
}

/**
 * Looks names up for `net.connect`, which connects to what it is given here and to nothing else: a name that resolves
 * differently the next time is judged anew. Calls for the same name share a lookup, since the system has few threads for
 * them and one that hangs must not take them all.
 */
function guardedLookup(rule: WebhookAddresses): LookupFunction {
  type Found = (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void;
  const underWay = new Map<string, Found[]>();
  return (hostname, options, callback) => {
    const found: Found = (error, addresses) => {
      const fit = addresses.filter(({ address }) => rule.refusedKind(address) === undefined);
      const [first] = fit;
      if (error !== null) callback(error, "", 0);
      else if (first === undefined) {
        callback(new RefusedAddressError(rule.refusedKind(addresses[0]?.address ?? "") ?? "invalid"), "", 0);
      } else if (options.all === true) callback(null, fit);
      else callback(null, first.address, first.family);
    };
    const others = underWay.get(hostname);
    if (others !== undefined) {
      others.push(found);
      return;
    }
    const waiting = [found];
    underWay.set(hostname, waiting);
    systemLookup(hostname, { all: true }, (error, addresses) => {
      underWay.delete(hostname);
      // With an error there are none, whatever the types say.
      for (const one of waiting) one(error, error === null ? addresses : []);
    });
  };
}

function retryAfter({ headers }: IncomingMessage): number {
  const text = headers["retry-after"] ?? "";
  return /^\d{1,6}$/.test(text) ? Number(text) * 1_000 : 0;
}

function judge(response: IncomingMessage): WebhookAnswer {
  const { statusCode: status = 0 } = response;
  if (status >= 200 && status < 300) return { delivered: true, status, error: null, retryAfter: 0 };
  const redirected = status >= 300 && status < 400;
  const error = redirected
    ? `The receiver answered ${status}: redirects are not followed, enter the new URL`
    : `The receiver answered ${status}`;
  return { delivered: false, status, error, retryAfter: retryAfter(response) };
}

function unreachable(error: unknown): string {
  if (error instanceof RefusedAddressError) return error.message;
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return `The receiver could not be reached${typeof code === "string" ? ` (${code})` : ""}`;
}

/** Reads what is left of an answer, within bounds; what is longer, or takes longer, costs the receiver its connection. */
function finish(response: IncomingMessage, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    let length = 0;
    const timer = clock.setTimer(() => response.destroy(), answerTime);
    response.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > answerLimit) response.destroy();
    });
    response.on("error", () => {});
    response.once("close", () => {
      clock.clearTimer(timer);
      resolve();
    });
  });
}

/** Makes the sender. */
export function createWebhookRequest({ clock, timeout, userAgent, addresses }: WebhookRequestOptions): WebhookRequest {
  const options = {
    keepAlive: true,
    maxFreeSockets: idleConnections,
    timeout: idleTime,
    lookup: guardedLookup(addresses),
  };
  const http = new HttpAgent(options);
  const https = new HttpsAgent(options);

  /** Posts once. Stale: the receiver had closed the connection that was kept, perhaps while we wrote. */
  const post = (url: URL, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal) =>
    new Promise<IncomingMessage | "stale">((resolve, reject) => {
      const settings = { method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) }, signal };
      const request =
        url.protocol === "https:"
          ? httpsRequest(url, { ...settings, agent: https })
          : httpRequest(url, { ...settings, agent: http });
      request.once("response", resolve);
      request.on("error", (error: NodeJS.ErrnoException) => {
        if (request.reusedSocket && error.code === "ECONNRESET" && !signal.aborted) resolve("stale");
        else reject(error);
      });
      request.end(body);
    });

  const send: SendWebhook = async ({ url: text, secret }, { id, body }, signal) => {
    const url = new URL(text);
    const late = new AbortController();
    let inTime = true;
    const stop = (): void => late.abort();
    const timer = clock.setTimer(() => {
      inTime = false;
      late.abort();
    }, timeout);
    signal.addEventListener("abort", stop);
    const timestamp = Math.floor(clock.now() / 1_000);
    const headers = {
      "content-type": "application/json",
      "user-agent": userAgent,
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signWebhook(secret, id, timestamp, body),
    };
    try {
      // An address in the URL itself is connected to without a lookup.
      const kind = addresses.refusedHost(url.hostname);
      if (kind !== undefined) throw new RefusedAddressError(kind);
      let response = await post(url, headers, body, late.signal);
      // There are few of them, and each is gone when it was found out.
      while (response === "stale") response = await post(url, headers, body, late.signal);
      clock.clearTimer(timer);
      await finish(response, clock);
      return judge(response);
    } catch (error) {
      const why = inTime ? unreachable(error) : `The receiver did not answer within ${timeout} ms`;
      return { delivered: false, status: null, error: why, retryAfter: 0 };
    } finally {
      clock.clearTimer(timer);
      signal.removeEventListener("abort", stop);
    }
  };

  return {
    send,
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
}
