import { sameId } from "./rules.ts";

/** How short a token may be that is replaced in the midst of a text; a shorter one may be any word or number. */
const shortestMention = 6;

/** A text of JSON in its quotes, or what is left of one where the end is missing. */
const literal = /"(?:[^"\\]|\\.)*(?:"|$)/gsu;

/** Puts a pseudonym in place of a token. */
export interface Pseudonymizer {
  /** In JSON: in its texts, also in JSON that stands in such a text. The rest stays as it is, to the character. */
  readonly inJson: (json: string) => string;
  /** In a sentence: where the token stands by itself, and is long enough not to be there by chance. */
  readonly inSentence: (sentence: string) => string;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** How a token is written in a sentence, in JSON, and in JSON within JSON. */
export function spellings(token: string): string[] {
  const once = JSON.stringify(token).slice(1, -1);
  return [...new Set([token, once, JSON.stringify(once).slice(1, -1)])];
}

/** Makes what puts a pseudonym in place of a token, in whatever case it is written. */
export function createPseudonymizer(token: string, pseudonym: string): Pseudonymizer {
  const mention = new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(token)}(?![\\p{L}\\p{N}_])`, "giu");

  const inSentence = (sentence: string): string =>
    token.length < shortestMention ? sentence : sentence.replace(mention, () => pseudonym);

  const inText = (text: string): string => {
    if (sameId(text, token)) return pseudonym;
    return /^\s*[[{"]/.test(text) ? inJson(text) : inSentence(text);
  };

  const inJson = (json: string): string =>
    json.replace(literal, (quoted) => {
      let text: unknown;
      try {
        text = JSON.parse(quoted);
      } catch {
        // JSON that was cut off, or a sentence with quotes in it.
        return inSentence(quoted);
      }
      if (typeof text !== "string") return quoted;
      const replaced = inText(text);
      return replaced === text ? quoted : JSON.stringify(replaced);
    });

  return { inJson, inSentence };
}
