/** Whether the attacks run in full (`pnpm test:attack`), or in the short form that `npm test` runs. */
export const full = process.env["OCPP_ATTACK"] === "full";

/** A size of an attack: the first in the short form, the second in full. */
export function scaled(short: number, long: number): number {
  return full ? long : short;
}
