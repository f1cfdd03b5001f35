/** The most characters that the identity of a station may have (OCPP-J 2.0.1 §3.1.1). */
const longestIdentity = 48;

/** Why a text is no identity in any version. */
const general =
  "1 to 48 characters, no colon, slash or control character, no half of a surrogate pair, and neither `.` nor `..`";

/** What no identity contains, as the inside of a class of characters. */
const excluded = "\\u0000-\\u001f/:\\u007f-\\u009f\\ud800-\\udfff";
const any = `[^${excluded}]`;
const noDot = `[^.${excluded}]`;

/**
 * What an identity of any version fits, as the source of a regular expression with the flag `u`, for schemas. OCPP 1.6
 * names no characters; but a colon would end the user name of Basic authentication, a slash the segment of the path, a
 * path cannot end in `.` or `..`, and half of a surrogate pair cannot be percent-encoded. Without lookaheads, which not
 * every reader of schemas knows.
 */
export const identityPattern: string = `^(?:\\.?${noDot}|${noDot}${any}|${any}{3,${longestIdentity}})$`;

const possible = new RegExp(identityPattern, "u");

/** The characters of an identifierString (OCPP 2.0.1 part 2 §2.1.4) without the colon, and the space of part 4's example. */
const strict = /^[\w*\-=+|@. ]+$/;

/**
 * Why a text cannot be the identity of a station that speaks one of these versions, as a sentence to put behind the name of
 * what holds it; `undefined` where it can. An identity has 1 to 48 characters, none of them a colon, a slash or a control
 * character; in OCPP 2.x letters, digits, spaces and `* - _ = + | @ .` only. Without versions, those of any version pass:
 * what is refused then can never connect.
 */
export function identityFault(identity: string, subprotocols: readonly string[] = []): string | undefined {
  if (!possible.test(identity)) return `must have ${general}`;
  const lenient = subprotocols.every((name) => name < "ocpp2");
  if (lenient || strict.test(identity)) return undefined;
  return `must have 1 to ${longestIdentity} letters, digits, spaces or * - _ = + | @ .`;
}

/** Throws a TypeError where a text cannot be the identity of a station that speaks one of these versions. */
export function checkIdentity(identity: string, subprotocols: readonly string[]): void {
  const fault = identityFault(identity, subprotocols);
  if (fault === undefined) return;
  throw new TypeError(`${JSON.stringify(identity)} is no identity of a station: it ${fault}`);
}
