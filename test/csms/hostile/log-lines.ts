import { expect } from "vitest";

/** Characters that begin another line, or make a terminal act. */
// oxlint-disable-next-line no-control-regex
const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** Expects that each line of a log is one JSON object and holds nothing that acts. */
export function expectHarmless(lines: readonly string[]): void {
  for (const line of lines) {
    expect(line.endsWith("\n"), line).toBe(true);
    const text = line.slice(0, -1);
    expect(text.includes("\n"), line).toBe(false);
    expect(acting.test(text), line).toBe(false);
    expect(JSON.parse(text)).toMatchObject({ level: expect.any(Number) as number, time: expect.any(String) as string });
  }
}
