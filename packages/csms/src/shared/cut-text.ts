import { createHash } from "node:crypto";

/** What is stored of a text that is too long. */
export interface CutText {
  /** Its beginning. */
  readonly text: string;
  /** The bytes of the whole text, in UTF-8. */
  readonly length: number;
  /** The SHA-256 of the whole text in UTF-8, as hex, which tells whether another text is the same. */
  readonly digest: string;
}

/** How far back from the cut a quotation mark is looked for: the longest id token has 255 characters (2.1). */
const longestLiteral = 300;

/**
 * Cuts a text to at most so many bytes of UTF-8; undefined where it fits. No character is halved, and no short literal of
 * JSON: half an id token could not be found when its driver's data is to be erased.
 */
export function cutText(text: string, limit: number): CutText | undefined {
  // The cheap question first, since nearly all texts fit: no character takes more than three bytes for each unit of UTF-16.
  if (text.length * 3 <= limit) return undefined;
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return undefined;
  let end = limit;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  const beginning = bytes.toString("utf8", 0, end);
  const quote = beginning.lastIndexOf('"');
  return {
    text: quote >= beginning.length - longestLiteral ? beginning.slice(0, quote + 1) : beginning,
    length: bytes.length,
    digest: createHash("sha256").update(bytes).digest("hex"),
  };
}
