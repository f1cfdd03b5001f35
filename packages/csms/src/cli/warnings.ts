import type { Configuration } from "../config/configuration.ts";
import { isLoopback } from "../shared/loopback.ts";

/** What is not safe about a configuration, a sentence each, with what to do. */
export function insecurities(configuration: Configuration): string[] {
  const { webSocket, api, stations, tokens, store } = configuration;
  const open = !isLoopback(webSocket.host);
  const plain = !webSocket.tls.enabled && webSocket.trustProxy.length === 0;
  const certified =
    webSocket.securityProfiles.includes(3) &&
    webSocket.tls.ca.length > 0 &&
    (webSocket.tls.enabled || webSocket.securePort !== null);
  const weak = stations.predefined.filter(({ password, securityProfile }) => {
    return password === null && (securityProfile ?? 0) < 3;
  });
  return [
    ...(open && webSocket.securityProfiles.includes(0)
      ? [
          `Stations without a password may connect from anywhere (security profile 0 at ${webSocket.host}): set webSocket.securityProfiles to 1,2,3, or to 2,3 for TLS alone.`,
        ]
      : []),
    ...(open && plain && webSocket.securityProfiles.includes(1)
      ? [
          `Passwords of stations travel in the clear (security profile 1 at ${webSocket.host}): switch on webSocket.tls.enabled, or name the proxy that speaks TLS in webSocket.trustProxy.`,
        ]
      : []),
    ...(certified && webSocket.tls.organization === null
      ? [
          "Certificates of stations may be of any organization: set webSocket.tls.organization to the operator's, unless the authorities in webSocket.tls.ca sign for nobody else.",
        ]
      : []),
    ...(certified && webSocket.tls.firstUse
      ? [
          "Whoever has a certificate may take an identity that has no serial number yet (webSocket.tls.firstUse): enter the serial numbers, and switch it off.",
        ]
      : []),
    ...(open && stations.unknown === "accept"
      ? ["Any station that connects is accepted (stations.unknown is accept): set it to pending or refuse."]
      : []),
    ...(open && tokens.unknown === "accept"
      ? ["Any id token may charge (tokens.unknown is accept): set it to refuse, and enter those that may."]
      : []),
    ...(open && weak.length > 0
      ? [`${weak.length} of the stations in stations.predefined have no password: give them one.`]
      : []),
    ...(!isLoopback(api.host) && !api.tls.enabled && api.trustProxy.length === 0
      ? [
          `Keys to the REST interface travel in the clear at ${api.host}: switch on api.tls.enabled, or name the proxy that speaks TLS in api.trustProxy.`,
        ]
      : []),
    ...(api.cors.includes("*")
      ? ["Every web page may use the REST interface (api.cors is *): name those that should."]
      : []),
    ...(store.type === "postgres" && store.postgres.sslMode === "disable" && !isNear(store.postgres.host)
      ? [`PostgreSQL at ${store.postgres.host} is spoken to in the clear: set store.postgres.sslMode to verify-full.`]
      : []),
  ];
}

/** Loopback, or the folder of a Unix socket, or a name without a dot such as a compose file gives. */
function isNear(host: string): boolean {
  return isLoopback(host) || host.startsWith("/") || !/[.:]/.test(host);
}
