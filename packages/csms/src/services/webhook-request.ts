import type { Clock } from "@ocpp/core";
import type { EventRow, WebhookRow } from "../store/tables.ts";
import { signWebhook } from "./webhook-signature.ts";

/** How an attempt to deliver ended: whether it was taken, the HTTP status where there was one, and what was wrong. */
export interface WebhookAnswer {
  readonly delivered: boolean;
  readonly status: number | null;
  /** A sentence without addresses and contents; null where it was delivered. */
  readonly error: string | null;
  /** Milliseconds that the receiver asks to be left alone. */
  readonly retryAfter: number;
}

/** Makes one attempt. Never rejects; after an abort the answer says nothing about the receiver. */
export type SendWebhook = (
  webhook: Pick<WebhookRow, "url" | "secret">,
  deliveryId: number,
  event: EventRow,
  signal: AbortSignal,
) => Promise<WebhookAnswer>;

/** What is sent: the event, as `GET /api/events` shows it. */
export function webhookBody(event: EventRow): string {
  const head = JSON.stringify({
    id: event.id,
    kind: event.kind,
    chargePointId: event.station_id,
    timestamp: new Date(event.at).toISOString(),
  });
  // The data is JSON as it is kept; to read and write it again would cost time and change nothing.
  return `${head.slice(0, -1)},"data":${event.data}}`;
}

function codeOf(error: unknown): string | undefined {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : undefined;
  const code: unknown = typeof cause === "object" && cause !== null ? Reflect.get(cause, "code") : undefined;
  return typeof code === "string" ? code : undefined;
}

function retryAfter(response: Response): number {
  const text = response.headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(text) ? Number(text) * 1_000 : 0;
}

function judge(response: Response): WebhookAnswer {
  const { status } = response;
  if (response.ok) return { delivered: true, status, error: null, retryAfter: 0 };
  const redirected = status >= 300 && status < 400;
  const error = redirected
    ? `The receiver answered ${status}: redirects are not followed, enter the new URL`
    : `The receiver answered ${status}`;
  return { delivered: false, status, error, retryAfter: retryAfter(response) };
}

/** Makes the sender. `timeout` in milliseconds is for the whole attempt; what the receiver writes is not read. */
export function createWebhookRequest(clock: Clock, timeout: number, userAgent: string): SendWebhook {
  return async ({ url, secret }, deliveryId, event, signal) => {
    const late = new AbortController();
    const timer = clock.setTimer(() => {
      late.abort();
    }, timeout);
    const id = `msg_${deliveryId}`;
    const timestamp = Math.floor(clock.now() / 1_000);
    const body = webhookBody(event);
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.any([signal, late.signal]),
        headers: {
          "content-type": "application/json",
          "user-agent": userAgent,
          "webhook-id": id,
          "webhook-timestamp": String(timestamp),
          "webhook-signature": signWebhook(secret, id, timestamp, body),
        },
        body,
      });
      await response.body?.cancel().catch(() => {});
      return judge(response);
    } catch (error) {
      const code = codeOf(error);
      const why = late.signal.aborted
        ? `The receiver did not answer within ${timeout} ms`
        : `The receiver could not be reached${code === undefined ? "" : ` (${code})`}`;
      return { delivered: false, status: null, error: why, retryAfter: 0 };
    } finally {
      clock.clearTimer(timer);
    }
  };
}
