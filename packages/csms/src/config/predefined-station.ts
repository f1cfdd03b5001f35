import { entriesOf, isRecord, type Reading } from "./reading.ts";
import type { PredefinedStation } from "./setting.ts";
import { didYouMean } from "./suggestion.ts";

const registrations: readonly PredefinedStation["registration"][] = ["Accepted", "Pending", "Rejected"];

/** The fields, and the spellings of other servers' files, in lower case. */
const fields: Readonly<Record<string, keyof PredefinedStation>> = {
  identity: "identity",
  name: "identity",
  password: "password",
  authorization: "password",
  heartbeatinterval: "heartbeatInterval",
  securityprofile: "securityProfile",
  registration: "registration",
};

/**
 * The password in what may also be a whole Authorization header: `Basic` with the base64 of identity and password, with or
 * without the word. Anything else is the password itself.
 */
export function passwordOf(authorization: string, identity: string): string {
  const encoded = authorization.replace(/^Basic\s+/i, "");
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  return decoded.startsWith(`${identity}:`) ? decoded.slice(identity.length + 1) : authorization;
}

function oneStation(entry: unknown): Reading<PredefinedStation> {
  if (typeof entry === "string") return oneStation({ identity: entry });
  if (!isRecord(entry)) return { problem: "must be an identity, or an object with an `identity`." };
  const found: Partial<Record<keyof PredefinedStation, unknown>> = {};
  for (const [name, value] of Object.entries(entry)) {
    const field = Object.hasOwn(fields, name.toLowerCase()) ? fields[name.toLowerCase()] : undefined;
    if (field === undefined) {
      return {
        problem: `has no field ${JSON.stringify(name.slice(0, 50))}.${didYouMean(name, new Set(Object.values(fields)))}`,
      };
    }
    if (found[field] !== undefined) return { problem: `has its ${field} twice.` };
    found[field] = value ?? undefined;
  }
  const { identity, password, heartbeatInterval, securityProfile, registration = "Accepted" } = found;
  if (typeof identity !== "string" || !/^[^:]{1,48}$/u.test(identity)) {
    return { problem: "needs an identity of 1 to 48 characters without colons." };
  }
  if (password !== undefined && (typeof password !== "string" || password === "")) {
    return { problem: `${identity}: the password must be a text.` };
  }
  if (heartbeatInterval !== undefined && !(Number.isInteger(heartbeatInterval) && Number(heartbeatInterval) > 0)) {
    return { problem: `${identity}: the heartbeatInterval must be a whole number of seconds above 0.` };
  }
  const profile = ([0, 1, 2, 3] as const).find((known) => known === securityProfile);
  if (securityProfile !== undefined && profile === undefined) {
    return { problem: `${identity}: the securityProfile must be 0, 1, 2 or 3.` };
  }
  const known = registrations.find((one) => one === registration);
  if (known === undefined) return { problem: `${identity}: the registration must be ${registrations.join(", ")}.` };
  return {
    value: {
      identity,
      password: password === undefined ? null : passwordOf(password, identity),
      heartbeatInterval: heartbeatInterval === undefined ? null : Number(heartbeatInterval),
      securityProfile: profile ?? null,
      registration: known,
    },
  };
}

/** Reads the list of stations. A text is read as identities with commas between them. */
export function readStations(raw: unknown): Reading<readonly PredefinedStation[]> {
  const list = entriesOf(raw);
  if (list === undefined) return { problem: "must be a list of stations." };
  const stations = new Map<string, PredefinedStation>();
  for (const [index, entry] of list.entries()) {
    const read = oneStation(entry);
    if ("problem" in read) return { problem: `entry ${index + 1} ${read.problem}` };
    const { identity } = read.value;
    if (stations.has(identity))
      return { problem: `entry ${index + 1} names ${identity}, which an earlier one does already.` };
    stations.set(identity, read.value);
  }
  return { value: [...stations.values()] };
}
