import { matchesFilter } from "../events/event-filter.ts";
import type { CsmsEvent, EventFilter } from "../events/events.ts";
import type { WebhookRow } from "../store/tables.ts";
import { InvalidRequestError } from "./service-error.ts";
import type { WebhookSettings } from "./webhooks.ts";

/** The name of the background service that delivers; its own runs are told to nobody, since telling makes the next. */
const ownService = "webhook-delivery";

function list(text: string | null): readonly string[] | undefined {
  return text === null ? undefined : (JSON.parse(text) as readonly string[]);
}

/** Which events a webhook wants. */
export function filterOf(row: WebhookRow): EventFilter {
  return { kinds: list(row.kinds), stations: list(row.stations) };
}

/** Whether an event goes to a webhook: it wants it, and was there before it. */
export function wantsEvent(row: WebhookRow, filter: EventFilter, event: CsmsEvent): boolean {
  if (row.active === 0 || event.id <= row.id || !matchesFilter(filter, event)) return false;
  const { data } = event;
  const own =
    event.kind === "background.finished" &&
    typeof data === "object" &&
    data !== null &&
    Reflect.get(data, "name") === ownService;
  return !own;
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || text.length > 2_048) {
    throw new InvalidRequestError("url: must be an http or https URL of at most 2048 characters");
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidRequestError("url: must not hold a user or password; receivers check the signature instead");
  }
  return text;
}

function checkedList(name: string, pattern: RegExp, values: readonly string[] | null): string | null {
  if (values === null) return null;
  if (values.length === 0 || values.length > 1_000 || values.some((value) => !pattern.test(value))) {
    throw new InvalidRequestError(`${name}: must be a list of 1 to 1000 names; leave it out for all`);
  }
  return JSON.stringify(values);
}

/** The columns that settings stand for; those that are left out are missing. Throws an InvalidRequestError. */
export function columnsOf(
  settings: Partial<WebhookSettings>,
): Partial<Pick<WebhookRow, "url" | "kinds" | "stations" | "active">> {
  const { url, kinds, stations, active } = settings;
  return {
    ...(url === undefined ? {} : { url: checkedUrl(url) }),
    ...(kinds === undefined ? {} : { kinds: checkedList("kinds", /^[a-z]+(\.[a-z-]+)?$/, kinds) }),
    ...(stations === undefined ? {} : { stations: checkedList("stations", /^.{1,48}$/s, stations) }),
    ...(active === undefined ? {} : { active: active ? 1 : 0 }),
  };
}
