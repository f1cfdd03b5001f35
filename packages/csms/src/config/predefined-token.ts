import { isRecord, listOf, type Reading } from "./reading.ts";
import type { PredefinedToken } from "./setting.ts";
import { didYouMean } from "./suggestion.ts";

type Place = NonNullable<PredefinedToken["restrictedTo"]>[number];

const statuses: readonly PredefinedToken["status"][] = ["Accepted", "Blocked", "Expired", "Invalid"];

/** The fields, and what OCPP calls the token, in lower case. */
const fields: Readonly<Record<string, keyof PredefinedToken>> = {
  token: "token",
  idtag: "token",
  idtoken: "token",
  type: "type",
  status: "status",
  expiresat: "expiresAt",
  groupid: "groupId",
  maxactive: "maxActive",
  restrictedto: "restrictedTo",
  note: "note",
};

/** A text of a length; undefined where it is none. */
function textOf(raw: unknown, longest: number): string | undefined {
  if (typeof raw !== "string" || raw.length > longest) return undefined;
  return raw !== "" && !/\p{Cc}/u.test(raw) ? raw : undefined;
}

function isWhole(raw: unknown): raw is number {
  return Number.isSafeInteger(raw) && Number(raw) >= 0;
}

/** A time of RFC 3339 in milliseconds since 1970; undefined where it is none. */
function timeOf(raw: unknown): number | undefined {
  if (typeof raw !== "string" || !/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(raw)) return undefined;
  const time = Date.parse(raw);
  return Number.isNaN(time) ? undefined : time;
}

function placeOf(raw: unknown): Place | undefined {
  const { stationId: identity, evseId, connectorId, ...rest } = isRecord(raw) ? raw : { stationId: raw };
  const stationId = textOf(identity, 48);
  if (stationId === undefined || Object.keys(rest).length > 0) return undefined;
  if (evseId !== undefined && !isWhole(evseId)) return undefined;
  if (connectorId !== undefined && !isWhole(connectorId)) return undefined;
  return {
    stationId,
    ...(evseId === undefined ? {} : { evseId }),
    ...(connectorId === undefined ? {} : { connectorId }),
  };
}

function placesOf(raw: unknown): readonly Place[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const places = raw.map(placeOf).filter((place) => place !== undefined);
  return places.length === raw.length ? places : undefined;
}

function oneToken(entry: unknown): Reading<PredefinedToken> {
  if (typeof entry === "string") return oneToken({ token: entry });
  if (!isRecord(entry)) return { problem: "must be an id token, or an object with a `token`." };
  const found: Partial<Record<keyof PredefinedToken, unknown>> = {};
  for (const [name, value] of Object.entries(entry)) {
    const field = Object.hasOwn(fields, name.toLowerCase()) ? fields[name.toLowerCase()] : undefined;
    if (field === undefined) {
      const near = didYouMean(name, new Set(Object.values(fields)));
      return { problem: `has no field ${JSON.stringify(name.slice(0, 50))}.${near}` };
    }
    if (found[field] !== undefined) return { problem: `has its ${field} twice.` };
    found[field] = value ?? undefined;
  }
  const { status = "Accepted", expiresAt, maxActive, restrictedTo } = found;
  const token = textOf(found.token, 255);
  if (token === undefined) return { problem: "needs a token of 1 to 255 characters." };
  const known = statuses.find((one) => one === status);
  if (known === undefined) return { problem: `has a status that there is not: it must be ${statuses.join(", ")}.` };
  const time = expiresAt === undefined ? null : timeOf(expiresAt);
  if (time === undefined) return { problem: "must have a time such as 2030-01-01T00:00:00Z for its expiresAt." };
  if (maxActive !== undefined && !isWhole(maxActive)) return { problem: "must have a whole number for its maxActive." };
  const places = restrictedTo === undefined ? null : placesOf(restrictedTo);
  if (places === undefined) {
    const what = "identities, or objects with stationId and, where wanted, evseId and connectorId";
    return { problem: `must have a list for its restrictedTo, of ${what}.` };
  }
  const texts = { type: textOf(found.type, 20), groupId: textOf(found.groupId, 255), note: textOf(found.note, 2_000) };
  for (const [name, text] of Object.entries(texts)) {
    if (text === undefined && found[name as keyof typeof texts] !== undefined) {
      return { problem: `must have a text for its ${name}.` };
    }
  }
  return {
    value: {
      token,
      type: texts.type ?? null,
      status: known,
      expiresAt: time,
      groupId: texts.groupId ?? null,
      maxActive: maxActive ?? null,
      restrictedTo: places,
      note: texts.note ?? null,
    },
  };
}

/** Reads the list of id tokens: as a list, as JSON, or as a text with commas between them. No problem names a token. */
export function readTokens(raw: unknown): Reading<readonly PredefinedToken[]> {
  const list = listOf(raw, "id tokens");
  if ("problem" in list) return list;
  const tokens = new Map<string, PredefinedToken>();
  for (const [index, entry] of list.value.entries()) {
    const read = oneToken(entry);
    if ("problem" in read) return { problem: `entry ${index + 1} ${read.problem}` };
    // Tokens are compared without regard to case.
    const key = read.value.token.toLowerCase();
    if (tokens.has(key)) return { problem: `entry ${index + 1} names the token of an earlier one.` };
    tokens.set(key, read.value);
  }
  return { value: [...tokens.values()] };
}
