import type { Configuration } from "./configuration.ts";
import type { ConfigurationProblem } from "./configuration-error.ts";
import type { ReadFile } from "./dotenv.ts";

interface Files {
  readonly cert: readonly string[];
  readonly key: readonly string[];
  readonly ca?: readonly string[];
  readonly revocationLists?: readonly string[];
}

/** Whether all files of a listener that speaks TLS are there, and a key for each certificate. */
function checkTls(
  group: string,
  { cert, key, ca = [], revocationLists = [] }: Files,
  readFile: ReadFile,
): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  if (cert.length !== key.length || cert.length === 0) {
    const text = `there are ${cert.length} certificates and ${key.length} keys; TLS needs at least one, each with its key.`;
    problems.push({ name: `${group}.cert and ${group}.key`, text });
  }
  for (const [name, files] of Object.entries({ cert, key, ca, revocationLists })) {
    for (const file of files) {
      let text = "";
      try {
        if (readFile(file) === undefined) text = `there is no file ${file}.`;
      } catch {
        text = `${file} cannot be read.`;
      }
      if (text !== "") problems.push({ name: `${group}.${name}`, text });
    }
  }
  return problems;
}

/** The most characters of a password (A00.FR.205 of OCPP 2.1). */
const longestPassword = 64;

/** The stations of the configuration whose password is too short or too long to be entered. */
function checkPasswords({ predefined, passwords: { minLength } }: Configuration["stations"]): ConfigurationProblem[] {
  const refused = predefined.filter(({ password }) => {
    const length = Array.from(password ?? "").length;
    return password !== null && (length < minLength || length > longestPassword);
  });
  return refused.map(({ identity }) => ({
    name: "stations.predefined",
    text: `${identity}: the password must have ${minLength} to ${longestPassword} characters; stations.passwords.minLength says how few.`,
  }));
}

/** What cannot be meant although each value by itself could be. */
export function checkConfiguration(
  configuration: Configuration,
  readFile: ReadFile | undefined,
): ConfigurationProblem[] {
  const { webSocket, api } = configuration;
  const problems: ConfigurationProblem[] = [];
  const ports = new Map<number, string>();
  for (const [name, port] of [
    ["webSocket.port", webSocket.port],
    ["webSocket.securePort", webSocket.securePort],
    ["api.port", api.port],
  ] as const) {
    const other = port === null || port === 0 ? undefined : ports.get(port);
    if (other !== undefined) problems.push({ name, text: `${port} is the port of ${other} already.` });
    if (port !== null) ports.set(port, name);
  }
  problems.push(...checkPasswords(configuration.stations));
  if (readFile !== undefined) {
    if (webSocket.tls.enabled || webSocket.securePort !== null) {
      problems.push(...checkTls("webSocket.tls", webSocket.tls, readFile));
    }
    if (api.tls.enabled) problems.push(...checkTls("api.tls", api.tls, readFile));
  }
  return problems;
}
