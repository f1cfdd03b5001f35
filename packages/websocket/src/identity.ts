/** The most characters that the identity of a station may have (OCPP-J 2.0.1 §3.1.1). */
const longestIdentity = 48;

/** The characters of an identifierString (OCPP 2.0.1 part 2 §2.1.4) without the colon, and the space of part 4's example. */
const strict = /^[\w*\-=+|@. ]+$/;

/** OCPP 1.6 names no characters; a colon would end the user name of Basic authentication. */
const lenient = /^[^:\p{Cc}]+$/u;

/**
 * Checks the identity of a station: 1 to 48 characters, none of them a colon; for OCPP 2.x letters, digits, spaces and
 * `* - _ = + | @ .` only. `.` and `..` are none, since a path cannot end in them. Throws a TypeError.
 */
export function checkIdentity(identity: string, subprotocols: readonly string[]): void {
  const rule = subprotocols.every((name) => name < "ocpp2") ? lenient : strict;
  if (!rule.test(identity) || identity.length > longestIdentity || /^\.\.?$/.test(identity)) {
    throw new TypeError(
      `${JSON.stringify(identity)} is no identity: it takes 1 to ${longestIdentity} letters, digits or * - _ = + | @ .`,
    );
  }
}
