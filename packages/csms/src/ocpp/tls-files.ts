import type { TlsOptions } from "@ocpp/websocket/server";
import type { Configuration } from "../config/configuration.ts";
import type { Log } from "../observability/logging.ts";
import { readTlsFiles } from "../shared/tls-files.ts";

/**
 * Reads the certificates, keys, authorities and revocation lists for stations, and reports lists whose successors are overdue:
 * until there are newer ones, TLS refuses every station that shows a certificate. Throws an Error that names the setting and
 * the file where one cannot be used.
 */
export function readTls(settings: Configuration["webSocket"]["tls"], log: Log, now: number): TlsOptions {
  const { cert, key, ca, crl, successorsDue } = readTlsFiles("webSocket.tls", settings);
  for (const file of new Set(successorsDue.filter(({ at }) => at < now).map((due) => due.file))) {
    log.error(
      { file },
      "A revocation list is out of date: stations that show a certificate are refused until it is renewed",
    );
  }
  // Whether one that has expired is let in is told by the row of its station.
  return {
    cert,
    key,
    expiredCertificates: "ask",
    ...(ca.length === 0 ? {} : { ca }),
    ...(crl.length === 0 ? {} : { crl }),
  };
}
