/**
 * The text as every database can store it: PostgreSQL takes no NUL character, so one becomes U+FFFD. Texts that a station
 * chooses go through here; JSON need not, since it escapes the character.
 */
export function storableText(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\u{FFFD}") : text;
}

/** The facts with all of their texts such that every database can store them; the same object where they are already. */
export function storableFacts<Facts extends object>(facts: Facts): Facts {
  const unfit = Object.entries(facts).filter(([, value]) => typeof value === "string" && value.includes("\0"));
  if (unfit.length === 0) return facts;
  return { ...facts, ...Object.fromEntries(unfit.map(([name, value]) => [name, storableText(String(value))])) };
}
