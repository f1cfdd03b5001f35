import type { EventKind } from "./kinds.ts";

type Data = Readonly<Record<string, unknown>>;

/** How the data of a kind was told before: which texts of its JSON show it, and how it becomes what it is now. */
interface Former {
  readonly shown: RegExp;
  readonly convert: (data: Data) => Data;
}

function renamed(names: Readonly<Record<string, string>>): Former {
  const old = Object.keys(names);
  return {
    shown: new RegExp(`"(?:${old.join("|")})":`),
    convert: (data) => Object.fromEntries(Object.entries(data).map(([name, value]) => [names[name] ?? name, value])),
  };
}

/** Members that were milliseconds since 1970 and are ISO 8601 now. */
function dated(names: readonly string[]): Former {
  return {
    shown: new RegExp(`"(?:${names.join("|")})":-?\\d`),
    convert: (data) =>
      Object.fromEntries(
        Object.entries(data).map(([name, value]) => [
          name,
          names.includes(name) && typeof value === "number" ? new Date(value).toISOString() : value,
        ]),
      ),
  };
}

function both(one: Former, other: Former): Former {
  return {
    shown: new RegExp(`${one.shown.source}|${other.shown.source}`),
    convert: (data) => other.convert(one.convert(data)),
  };
}

const transaction = both(
  renamed({ stopReason: "stoppedReason", register: "meterLatest" }),
  dated(["startedAt", "stoppedAt"]),
);
const token = renamed({ token: "idToken" });

/** The kinds whose data once had other names. */
const former: { readonly [Kind in EventKind]?: Former } = {
  "station.booted": renamed({ status: "registration" }),
  "station.refused": {
    shown: /"subprotocols":"/,
    convert: (data) => {
      const { subprotocols } = data;
      if (typeof subprotocols !== "string") return data;
      return { ...data, subprotocols: subprotocols === "" ? [] : subprotocols.split(", ") };
    },
  },
  "connector.status": renamed({ timestamp: "statusTime" }),
  "token.authorized": token,
  "token.changed": token,
  "token.removed": token,
  "token.erased": renamed({ counts: "changed" }),
  "transaction.started": transaction,
  "transaction.updated": transaction,
  "transaction.ended": transaction,
  "transaction.corrected": transaction,
  "command.failed": renamed({ code: "errorCode", description: "errorDescription" }),
  "background.finished": dated(["startedAt", "finishedAt"]),
};

/**
 * The data of a stored event as JSON, in today's words: events that were stored before the words changed are read as if
 * they had been stored today. A text inside the data cannot be taken for a name, since its quotes are escaped.
 */
export function storedEventData(kind: string, json: string): string {
  const before = Object.hasOwn(former, kind) ? former[kind as EventKind] : undefined;
  if (before === undefined || !before.shown.test(json)) return json;
  const data = JSON.parse(json) as unknown;
  if (typeof data !== "object" || data === null || Array.isArray(data)) return json;
  return JSON.stringify(before.convert(data as Data));
}
