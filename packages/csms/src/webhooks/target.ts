import type { CsmsEvent, EventFilter } from "../events/events.ts";
import { matchesFilter } from "../events/filter.ts";
import { kindFault } from "../events/kinds.ts";
import { InvalidRequestError } from "../shared/service-error.ts";
import type { WebhookRow } from "../store/tables/webhooks.ts";
import type { WebhookAddresses } from "./address.ts";

/** A webhook as it is requested. Nothing given for kinds or stations means all. */
export interface WebhookSettings {
  /** http or https. */
  readonly url: string;
  readonly kinds?: readonly string[] | null | undefined;
  readonly stations?: readonly string[] | null | undefined;
  readonly active?: boolean | undefined;
  /** Several events in one post; null, or nothing, for one event in each. */
  readonly batch?: WebhookBatch | null | undefined;
}

/** How many events a post may hold, as a JSON array. */
export interface WebhookBatch {
  /** From 1 to 500. */
  readonly maxEvents: number;
  /** The longest body in bytes, from 4096 to `webhooks.maxBody`, which holds unless it is given. */
  readonly maxBytes?: number | undefined;
}

/** The name of the background service that delivers; its own runs are not delivered, since that would make the next. */
const ownService = "webhook-delivery";

function list(text: string | null): readonly string[] | undefined {
  return text === null ? undefined : (JSON.parse(text) as readonly string[]);
}

/** Which events a webhook wants. */
export function filterOf(row: WebhookRow): EventFilter {
  return { kinds: list(row.kinds), stations: list(row.stations) };
}

/** Whether an event goes to a webhook: it wants it, and was there before it. */
export function wantsEvent(
  row: WebhookRow,
  filter: EventFilter,
  event: Pick<CsmsEvent, "id" | "kind" | "stationId" | "data">,
): boolean {
  if (row.active === 0 || event.id <= row.id || !matchesFilter(filter, event)) return false;
  const { data } = event;
  const own =
    event.kind === "background.finished" &&
    typeof data === "object" &&
    data !== null &&
    Reflect.get(data, "name") === ownService;
  return !own;
}

function checkedUrl(text: string, addresses: WebhookAddresses): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || text.length > 2_048) {
    throw new InvalidRequestError("url: must be an http or https URL of at most 2048 characters");
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidRequestError("url: must not hold a user or password; receivers check the signature instead");
  }
  const kind = addresses.refusedHost(url.hostname);
  if (kind !== undefined) {
    throw new InvalidRequestError(
      `url: must not lead to an address that is not public (${kind}), unless webhooks.allowedNetworks of the configuration names it`,
    );
  }
  return text;
}

/** The most events that a batch may hold, and the fewest bytes that it may be limited to. */
export const batchBounds = { events: 500, bytes: 4_096 } as const;

function checkedBatch(batch: WebhookBatch | null, maxBody: number): Pick<WebhookRow, "batch_events" | "batch_bytes"> {
  if (batch === null) return { batch_events: null, batch_bytes: null };
  const { maxEvents, maxBytes = null } = batch;
  if (!Number.isInteger(maxEvents) || maxEvents < 1 || maxEvents > batchBounds.events) {
    throw new InvalidRequestError(`batch.maxEvents: must be a whole number from 1 to ${batchBounds.events}`);
  }
  if (maxBytes !== null && (!Number.isInteger(maxBytes) || maxBytes < batchBounds.bytes || maxBytes > maxBody)) {
    throw new InvalidRequestError(
      `batch.maxBytes: must be a whole number from ${batchBounds.bytes} to ${maxBody} (webhooks.maxBody)`,
    );
  }
  return { batch_events: maxEvents, batch_bytes: maxBytes };
}

function checkedList(name: string, pattern: RegExp, values: readonly string[] | null): string | null {
  if (values === null) return null;
  if (values.length === 0 || values.length > 1_000 || values.some((value) => !pattern.test(value))) {
    throw new InvalidRequestError(`${name}: must be a list of 1 to 1000 names; leave it out for all`);
  }
  return JSON.stringify(values);
}

function checkedKinds(kinds: readonly string[] | null): string | null {
  for (const kind of kinds ?? []) {
    const fault = kindFault(kind);
    if (fault !== undefined) throw new InvalidRequestError(`kinds: ${fault}`);
  }
  return checkedList("kinds", /^/, kinds);
}

/** The columns of a webhook that a request sets. */
export type WebhookColumns = Pick<WebhookRow, "url" | "kinds" | "stations" | "active" | "batch_events" | "batch_bytes">;

/**
 * The columns that settings stand for; those that are left out are missing. Throws an InvalidRequestError. `maxBody` is the
 * longest body of a post, in bytes.
 */
export function columnsOf(
  settings: Partial<WebhookSettings>,
  addresses: WebhookAddresses,
  maxBody: number,
): Partial<WebhookColumns> {
  const { url, kinds, stations, active, batch } = settings;
  return {
    ...(url === undefined ? {} : { url: checkedUrl(url, addresses) }),
    ...(kinds === undefined ? {} : { kinds: checkedKinds(kinds) }),
    ...(stations === undefined ? {} : { stations: checkedList("stations", /^.{1,48}$/s, stations) }),
    ...(active === undefined ? {} : { active: active ? 1 : 0 }),
    ...(batch === undefined ? {} : checkedBatch(batch, maxBody)),
  };
}
