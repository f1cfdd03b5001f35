import type { X509Certificate } from "node:crypto";
import { identityFault } from "../identity.ts";
import { isCertificateOf } from "./certificates/client-certificate.ts";
import type { ExpiredJudge } from "./certificates/expired-certificate.ts";
import type { EndpointTable } from "./negotiation.ts";
import { basePath } from "./request-path.ts";
import type { SecurityProfile } from "./security-profile.ts";
import { proxyTest, type TrustProxy } from "./trusted-proxy.ts";

/** Who may ask to be let in, and how. */
export interface AdmissionOptions {
  /**
   * Where the server is found: the path above the identities, such as `/ocpp`. Anything may stand between the two, such as
   * a tenant. All paths are served unless given.
   */
  readonly path?: string;
  /**
   * The security profiles that are served; the server holds every connection to them before `authenticate` is asked.
   * With `authenticate` 1, 2 and 3 unless given, without it 0 and, where there are authorities of client certificates, 3.
   * A station's own minimum is for `authenticate` to demand.
   */
  readonly securityProfiles?: readonly SecurityProfile[];
  /**
   * Whether a text can be the identity of a station, in place of the rules of OCPP-J: 1 to 48 characters, no colon, slash
   * or control character, neither `.` nor `..`; in OCPP 2.x letters, digits, spaces and `* - _ = + | @ .` only.
   */
  readonly isIdentity?: (identity: string, subprotocol: string) => boolean;
  /** `any` lets stations use another user name than their identity; `identity` unless given (A00.FR.204). */
  readonly usernames?: "identity" | "any";
  /**
   * Whether a valid client certificate is the station's: the one rule of this server, in place of which nothing else counts.
   * Unless given, its common name must be the identity. Where that is the serial number of the station (A00.FR.405), or where
   * alternative names count, say here whose it is; `commonName` reads it. Where that must be looked up, return true here and
   * decide in `authenticate`, which gets the certificate.
   */
  readonly isCertificateOf?: (certificate: X509Certificate, identity: string) => boolean;
  /** The organizations whose client certificates are let in (A00.FR.404); all unless given. */
  readonly organizations?: readonly string[];
  /** The version that is spoken with stations that offer none at all, against the rules. Such are not served unless given. */
  readonly defaultSubprotocol?: string;
  /**
   * What a station gets that offers no version that is served: `close` completes the handshake without a subprotocol and
   * closes the connection at once with 1002, as OCPP-J demands (1.6 §3.2, 2.0.1 §3.2, 2.1 §3.2); `refuse` answers the
   * opening request with a 400, for those who expect no upgrade. `close` unless given.
   */
  readonly noCommonVersion?: "close" | "refuse";
  /**
   * Web pages that may connect, by the Origin header that their browser sends, such as `https://csms.example.com`. Who
   * sends no such header is let through. Not looked at unless given; give it where pages could use a browser's cookies.
   */
  readonly origins?: readonly string[];
  /** Whom to believe about addresses and TLS in front of the server; nobody unless given. */
  readonly trustProxy?: TrustProxy;
  /** The name of the query parameter that carries a ticket; `ticket` unless given. */
  readonly ticketParameter?: string;
}

/** The options, settled. */
export interface AdmissionRules {
  readonly endpoints: EndpointTable;
  readonly path: string;
  readonly profiles: ReadonlySet<SecurityProfile>;
  /** Whether there is somebody to check credentials. */
  readonly authenticated: boolean;
  readonly isIdentity: (identity: string, subprotocol: string) => boolean;
  readonly anyUsername: boolean;
  readonly isCertificateOf: (certificate: X509Certificate, identity: string) => boolean;
  readonly organizations: readonly string[] | undefined;
  readonly defaultSubprotocol: string | undefined;
  readonly noCommonVersion: "close" | "refuse";
  readonly origins: readonly string[] | undefined;
  readonly isTrusted: (address: string) => boolean;
  readonly ticketParameter: string;
  /** Says whether a client certificate that has expired is let through to `authenticate`. */
  readonly forgivesExpired: ExpiredJudge;
}

function isIdentity(identity: string, subprotocol: string): boolean {
  return identityFault(identity, [subprotocol]) === undefined;
}

/**
 * Settles the options. Throws a TypeError where they cannot be meant: profiles whose passwords nobody would check, a
 * default version that is not served.
 */
export function admissionRules(
  endpoints: EndpointTable,
  options: AdmissionOptions,
  {
    authenticated,
    authorities,
    forgivesExpired,
  }: { readonly authenticated: boolean; readonly authorities: boolean; readonly forgivesExpired: ExpiredJudge },
): AdmissionRules {
  const { defaultSubprotocol } = options;
  const usual: readonly SecurityProfile[] = authenticated ? [1, 2, 3] : authorities ? [0, 3] : [0];
  const profiles = new Set(options.securityProfiles ?? usual);
  if (profiles.size === 0) throw new TypeError("securityProfiles: a server must serve at least one security profile");
  if (!authenticated && (profiles.has(1) || profiles.has(2))) {
    throw new TypeError("Security profiles 1 and 2 need `authenticate`: somebody has to check the passwords");
  }
  if (defaultSubprotocol !== undefined && !endpoints.has(defaultSubprotocol)) {
    throw new TypeError(`defaultSubprotocol: no endpoint serves ${defaultSubprotocol}`);
  }
  return {
    endpoints,
    path: basePath(options.path),
    profiles,
    authenticated,
    isIdentity: options.isIdentity ?? isIdentity,
    anyUsername: options.usernames === "any",
    isCertificateOf: options.isCertificateOf ?? isCertificateOf,
    organizations: options.organizations,
    defaultSubprotocol,
    noCommonVersion: options.noCommonVersion ?? "close",
    origins: options.origins,
    isTrusted: proxyTest(options.trustProxy),
    ticketParameter: options.ticketParameter ?? "ticket",
    forgivesExpired,
  };
}
