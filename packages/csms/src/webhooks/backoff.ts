/** Milliseconds before the second attempt, and at most between two. */
const first = 5_000;
const longest = 21_600_000;

/**
 * Milliseconds to wait after so many attempts have failed: four times as long each time, up to six hours, and up to a fifth
 * more or less by chance, so that what failed together is not tried together. Ten attempts take a day. `random` is from 0
 * up to but not including 1; `asked` is what the receiver asked for, and is heeded up to six hours.
 */
export function webhookBackoff(attempts: number, random: number, asked = 0): number {
  const usual = Math.min(longest, first * 4 ** (Math.max(1, attempts) - 1)) * (0.8 + 0.4 * random);
  return Math.round(Math.max(usual, Math.min(asked, longest)));
}

/**
 * Milliseconds that a receiver is left alone after so many failures in a row, whatever else waits for it: from a second to
 * a minute.
 */
export function webhookRest(failures: number): number {
  return failures <= 0 ? 0 : Math.min(60_000, 1_000 * 2 ** (failures - 1));
}
