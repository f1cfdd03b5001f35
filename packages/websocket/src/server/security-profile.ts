import type { ConnectionRefusal } from "./connection-refusal.ts";
import { refusal } from "./connection-refusal.ts";

/**
 * The security profiles of OCPP (2.0.1 part 2 §A, 1.6 security whitepaper §2): 0, nobody shows who they are; 1, Basic
 * authentication; 2, Basic authentication over TLS; 3, TLS with a client certificate. A ticket counts as Basic
 * authentication does.
 */
export type SecurityProfile = 0 | 1 | 2 | 3;

/** What a connection brings along. */
export interface Evidence {
  /** Whether it came over TLS, here or at a trusted proxy. */
  readonly secure: boolean;
  /** Whether there are credentials that somebody will check. */
  readonly credentials: boolean;
  /** Whether there is a client certificate that an authority of ours signed. */
  readonly certificate: boolean;
}

const challenge = { "WWW-Authenticate": 'Basic realm="OCPP", charset="UTF-8"' };

/** The strongest of the allowed profiles that a connection fulfils, or how it is refused. */
export function settleProfile(
  { secure, credentials, certificate }: Evidence,
  allowed: ReadonlySet<SecurityProfile>,
): SecurityProfile | ConnectionRefusal {
  const basic = secure ? 2 : 1;
  if (certificate && allowed.has(3)) return 3;
  if (credentials && allowed.has(basic)) return basic;
  if (allowed.has(0)) return 0;
  if (!credentials && allowed.has(basic)) {
    return refusal("credentials", 401, "Credentials are required", { headers: challenge });
  }
  if (secure && allowed.has(3)) return refusal("certificate", 403, "A client certificate is required");
  return refusal("security-profile", 403, secure ? "TLS is not served here" : "TLS is required");
}

/** The refusal of credentials that are wrong, with the challenge that HTTP demands (RFC 9110 §15.5.2). */
export function badCredentials(text: string, status = 401): ConnectionRefusal {
  return refusal("credentials", status, text, { headers: challenge });
}

/** The challenge that goes with a status, if any. */
export function challengeFor(status: number): { readonly [name: string]: string } {
  return status === 401 ? challenge : {};
}
