/** How many random cases each property gets: 300, or what `OCPP_CONCURRENCY_RUNS` says. */
export const runs: number = Number(process.env["OCPP_CONCURRENCY_RUNS"] ?? 300);
