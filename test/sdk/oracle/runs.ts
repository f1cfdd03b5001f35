/** How many random documents each message gets: 500, or what `OCPP_ORACLE_RUNS` says. */
export const runs: number = positive(process.env["OCPP_ORACLE_RUNS"]) ?? 500;

/**
 * What the documents are drawn from. `OCPP_ORACLE_SEED` repeats a run that failed. Without it the ordinary run draws the same
 * documents every time, so that nobody's change fails by chance, and a run of another length draws new ones.
 */
export const seed: number = positive(process.env["OCPP_ORACLE_SEED"]) ?? (runs === 500 ? 20_161 : Date.now() % 2 ** 31);

function positive(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0) throw new Error(`${text} is not a positive whole number`);
  return value;
}
