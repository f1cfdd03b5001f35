import type { X509Certificate } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Credentials } from "./basic-credentials.ts";
import type { SecurityProfile } from "./security-profile.ts";

/** A station that asks to be let in: what `authenticate` decides by. Credentials are in no other field than theirs. */
export interface HandshakeRequest {
  /** The identity that the station gives: the last segment of the path, decoded and checked. */
  readonly identity: string;
  /** The security profile that the connection fulfils, the strongest of those that the server serves. */
  readonly securityProfile: SecurityProfile;
  /**
   * The credentials of Basic authentication, where there are any. The user name is the identity, unless `usernames` is
   * `any`; whether the password is right nobody has looked at yet.
   */
  readonly credentials: Credentials | undefined;
  /** The ticket in the query, where there is one: a credential of browsers, which nobody has looked at yet. */
  readonly ticket: string | undefined;
  /** The client certificate under security profile 3: valid, and the station's. */
  readonly clientCertificate: X509Certificate | undefined;
  /**
   * Whether it has expired and is valid but for that: only with `expiredCertificates: "ask"`. Let such a station in where it is
   * to get a new certificate, and keep it Pending until then (A00.FR.429).
   */
  readonly certificateExpired: boolean;
  /** The version that will be spoken, and all that the station offers, in its order of preference. */
  readonly subprotocol: string;
  readonly subprotocols: readonly string[];
  /** The path as it was sent, not decoded. */
  readonly path: string;
  /** The query without the ticket. */
  readonly query: URLSearchParams;
  /** The headers without Authorization. */
  readonly headers: IncomingHttpHeaders;
  /** The Origin header, which browsers send and stations mostly do not. */
  readonly origin: string | undefined;
  /** The address of the station, or of the proxy in front where none is trusted. */
  readonly remoteAddress: string;
  /** Whether the connection is encrypted, here or at a trusted proxy. */
  readonly secure: boolean;
}
