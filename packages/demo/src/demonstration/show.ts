import type { FullAudience } from "./audience.ts";
import { allExpected, type StationSummary } from "./summary.ts";

/** Shows a demonstration to its end; resolves with the exit code: 0 only where every step went as expected. */
export async function show(audience: FullAudience, demo: () => Promise<readonly StationSummary[]>): Promise<number> {
  const stations = await demo();
  audience.summary(stations);
  return allExpected(stations) ? 0 : 1;
}
