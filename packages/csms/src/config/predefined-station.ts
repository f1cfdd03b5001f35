import { identityFault } from "@ocpp/websocket/identity";
import { isRecord, listOf, type Reading } from "./reading.ts";
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
  serialnumber: "serialNumber",
  booted: "booted",
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
  const {
    identity,
    password,
    heartbeatInterval,
    securityProfile,
    registration = "Accepted",
    serialNumber,
    booted = false,
  } = found;
  if (typeof identity !== "string") return { problem: "needs an identity." };
  const fault = identityFault(identity);
  if (fault !== undefined) return { problem: `has an identity that no station can have: it ${fault}.` };
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
  if (serialNumber !== undefined && (typeof serialNumber !== "string" || !/^.{1,255}$/su.test(serialNumber))) {
    return { problem: `${identity}: the serialNumber must be a text of 1 to 255 characters.` };
  }
  const known = registrations.find((one) => one === registration);
  if (known === undefined) return { problem: `${identity}: the registration must be ${registrations.join(", ")}.` };
  if (typeof booted !== "boolean") return { problem: `${identity}: booted must be true or false.` };
  if (booted && known !== "Accepted") {
    return { problem: `${identity}: a station that is ${known} cannot be marked as having booted.` };
  }
  return {
    value: {
      identity,
      password: password === undefined ? null : passwordOf(password, identity),
      heartbeatInterval: heartbeatInterval === undefined ? null : Number(heartbeatInterval),
      securityProfile: profile ?? null,
      registration: known,
      serialNumber: serialNumber ?? null,
      booted,
    },
  };
}

/** Reads the list of stations: as a list, as JSON, or as a text of identities with commas between them. */
export function readStations(raw: unknown): Reading<readonly PredefinedStation[]> {
  const list = listOf(raw, "stations");
  if ("problem" in list) return list;
  const stations = new Map<string, PredefinedStation>();
  for (const [index, entry] of list.value.entries()) {
    const read = oneStation(entry);
    if ("problem" in read) return { problem: `entry ${index + 1} ${read.problem}` };
    const { identity } = read.value;
    if (stations.has(identity))
      return { problem: `entry ${index + 1} names ${identity}, which an earlier one does already.` };
    stations.set(identity, read.value);
  }
  return { value: [...stations.values()] };
}
