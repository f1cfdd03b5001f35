import { size } from "./quantity.ts";

/** What foreign keys come to: values by the paths of our settings, each with the key that it comes from. */
export interface Translation {
  readonly values: ReadonlyMap<string, { readonly value: unknown; readonly key: string }>;
  /** Keys that cannot be meant here, with the reason. */
  readonly problems: readonly { readonly key: string; readonly text: string }[];
  /** Keys that are read and change nothing, or something else than one might think. */
  readonly warnings: readonly { readonly key: string; readonly text: string }[];
}

const manyNodes =
  "finds the workers of a distributed system, which this CSMS does not need: one process does everything. Remove it.";
const refused: Readonly<Record<string, string>> = {
  etcd_list: manyNodes,
  etcd_base_path: manyNodes,
  rpc_addr:
    "is the address of an RPC server for commands, which are sent by REST here, at `api.host` and `api.port`. Remove it.",
};
const tuning = "tunes a network engine that is not used here, and is left out of account.";
const withoutEffect: ReadonlySet<string> = new Set(["use_convert", "use_pool", "use_epoll"]);

/** The keys of iclay/ocpp whose value is taken as it is, with the setting that they become. */
const direct: Readonly<Record<string, string>> = {
  service_addr: "webSocket.host",
  tls_cert: "webSocket.tls.cert",
  tls_key: "webSocket.tls.key",
  response_timeout: "commands.timeout",
  log_path: "log.folder",
  log_max_disk_usage: "log.maxDiskUsage",
  // Of CoderSergiy/ocpp16-go.
  chargers: "stations.predefined",
  maxqueuesize: "commands.queueLimit",
};
const levels: Readonly<Record<string, string>> = { warning: "warn", panic: "fatal" };
const computed: readonly string[] = [
  "service_uri",
  "ws_enable",
  "ws_port",
  "wss_enable",
  "wss_port",
  "heartbeat_timeout",
  "log_level",
  "log_max_file_num",
];

/** The name by which a foreign key is known, if it is one: those of ocpp16-go in any spelling, the others as they are. */
export function foreignKey(key: string): string | undefined {
  const name = /^(?:chargers|maxqueuesize)$/i.test(key) ? key.toLowerCase() : key;
  const known = Object.hasOwn(direct, name) || Object.hasOwn(refused, name) || computed.includes(name);
  return known || withoutEffect.has(name) ? name : undefined;
}

/** What stands for a value in a text; a structure, which none of the keys takes, stands for itself elsewhere. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function isOn(value: unknown): boolean {
  return value === true || value === 1 || ["yes", "on", "1", "true"].includes(textOf(value));
}

/** The listeners: plain and TLS are switched on and off apart, and both may be on. */
function listeners(
  keys: ReadonlyMap<string, unknown>,
  set: (path: string, value: unknown, key: string) => void,
): string | undefined {
  const enabled = keys.get("ws_enable");
  const plain = enabled === undefined ? keys.has("ws_port") || !isOn(keys.get("wss_enable")) : isOn(enabled);
  const secure = isOn(keys.get("wss_enable"));
  if (!plain && !secure) return "with wss_enable off, too, nothing would listen for stations. Switch one of them on.";
  if (plain && keys.has("ws_port")) set("webSocket.port", keys.get("ws_port"), "ws_port");
  if (secure && !keys.has("wss_port")) return "wss_enable needs a wss_port.";
  if (secure) set(plain ? "webSocket.securePort" : "webSocket.port", keys.get("wss_port"), "wss_port");
  if (keys.has("wss_enable")) set("webSocket.tls.enabled", secure && !plain, "wss_enable");
  return undefined;
}

/**
 * Translates the keys of the configuration files of iclay/ocpp and CoderSergiy/ocpp16-go, by the names of `foreignKey`, into
 * our settings. Values are checked later, as those of settings are.
 */
export function translate(keys: ReadonlyMap<string, unknown>): Translation {
  const values = new Map<string, { value: unknown; key: string }>();
  const set = (path: string, value: unknown, key: string): void => {
    values.set(path, { value, key });
  };
  const problems: { key: string; text: string }[] = [];
  const warnings: { key: string; text: string }[] = [];
  for (const [key, value] of keys) {
    const path = direct[key];
    const reason = refused[key];
    if (path !== undefined) set(path, value, key);
    if (reason !== undefined) problems.push({ key, text: reason });
    if (withoutEffect.has(key) && isOn(value)) warnings.push({ key, text: tuning });
  }
  if (["ws_enable", "ws_port", "wss_enable", "wss_port"].some((key) => keys.has(key))) {
    const problem = listeners(keys, set);
    if (problem !== undefined) problems.push({ key: "ws_enable", text: problem });
  }
  const level = keys.get("log_level");
  if (level !== undefined) set("log.level", levels[textOf(level)] ?? level, "log_level");
  const files = keys.get("log_max_file_num");
  if (files !== undefined) set("log.maxFiles", size(textOf(files)) ?? files, "log_max_file_num");
  const disk = size(textOf(keys.get("log_max_disk_usage")));
  const fileCount = size(textOf(files));
  // There, a file ends with the hour however long it is; here, each may take its share of the disk.
  if (disk !== undefined && disk > 0 && fileCount !== undefined && fileCount > 0) {
    set("log.maxSize", Math.floor(disk / fileCount), "log_max_disk_usage");
  }
  const timeout = keys.get("heartbeat_timeout");
  if (timeout !== undefined) {
    // A sign of life of any kind counts there, and pings bring one about: half of the time to wait, half for the answer.
    const half = Number(timeout) / 2;
    for (const path of ["webSocket.pingInterval", "webSocket.pingTimeout"]) {
      set(path, half > 0 ? half : timeout, "heartbeat_timeout");
    }
  }
  const uri = keys.get("service_uri");
  if (uri !== undefined) {
    const [, prefix, between] = /^((?:\/[^/:]+)*)((?:\/:\w+)*)\/:id\/?$/.exec(textOf(uri)) ?? [];
    if (prefix === undefined) {
      problems.push({ key: "service_uri", text: "must be a path that ends in /:id, such as /ocpp/:name/:id." });
    } else {
      set("webSocket.path", prefix === "" ? "/" : prefix, "service_uri");
      if (between !== "") {
        const text = "the identity of a station is :id alone here, the last part of its path, and not name-id.";
        warnings.push({ key: "service_uri", text });
      }
    }
  }
  return { values, problems, warnings };
}
