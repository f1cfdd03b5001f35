import { maskFrame } from "../observability/secret-mask.ts";

/**
 * The answer of a station as REST hands it on: a station that sends its AuthorizationKey or BasicAuthPassword sends it to us
 * alone. The same object where it holds no secret; null where there is no answer.
 */
export function maskedAnswer(answer: unknown): unknown {
  const text = JSON.stringify(answer ?? null);
  const masked = maskFrame(text);
  return masked === text ? (answer ?? null) : (JSON.parse(masked) as unknown);
}
