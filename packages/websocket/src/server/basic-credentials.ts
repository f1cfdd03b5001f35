import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What a station sent with HTTP Basic authentication (RFC 7617). */
export interface Credentials {
  /** The user name, which is the identity of the station (A00.FR.204). */
  readonly username: string;
  /**
   * The password as it came: UTF-8 text in OCPP 2.x (A00.FR.205, errata §2.17.3), any bytes in OCPP 1.6 (OCPP-J 1.6
   * §6.2.2). Compare it with `samePassword`.
   */
  readonly password: Uint8Array;
}

/** Keeps the password out of what a console or a logger prints of the object. */
class BasicCredentials implements Credentials {
  readonly username: string;
  readonly #password: Uint8Array;

  constructor(username: string, password: Uint8Array) {
    this.username = username;
    this.#password = password;
  }

  get password(): Uint8Array {
    return this.#password;
  }
}

const scheme = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i;

/** Reads an Authorization header; `undefined` where it is missing, of another scheme or no proper pair. */
export function readBasicCredentials(header: string | undefined): Credentials | undefined {
  const encoded = header === undefined ? undefined : scheme.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, "base64");
  // A password may hold colons, a user name may not: the first one parts them (RFC 7617 §2).
  const colon = bytes.indexOf(0x3a);
  if (colon < 0) return undefined;
  return new BasicCredentials(bytes.subarray(0, colon).toString("utf8"), new Uint8Array(bytes.subarray(colon + 1)));
}

/**
 * Whether two passwords are the same, in a time that does not tell how much of them is. A text counts as its UTF-8 bytes.
 * An `expected` that is missing is never the same as anything, and takes as long to compare.
 */
export function samePassword(given: string | Uint8Array, expected: string | Uint8Array | undefined): boolean {
  const key = randomBytes(32);
  const digest = (password: string | Uint8Array): Buffer => createHmac("sha256", key).update(password).digest();
  const same = timingSafeEqual(digest(given), digest(expected ?? ""));
  return same && expected !== undefined;
}
