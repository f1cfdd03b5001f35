import type { Draw } from "./draw.ts";

/** A text with one to three of its characters taken out, put in or replaced. */
export function withTypos(draw: Draw, text: string, alphabet: string): string {
  let result = text;
  for (let rounds = 1 + draw.below(3); rounds > 0; rounds -= 1) {
    const place = draw.below(result.length + 1);
    const letter = draw.chance(0.4) ? "" : (alphabet[draw.below(alphabet.length)] ?? "");
    result = result.slice(0, place) + letter + result.slice(place + draw.below(2));
  }
  return result;
}
