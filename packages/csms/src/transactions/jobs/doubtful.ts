import type { BackgroundService } from "../../jobs/background-service.ts";
import { factsOf } from "../../ocpp/versions/versions.ts";
import type { Services } from "../../services.ts";
import { pause } from "../../shared/pause.ts";
import { type AutomaticRequester, createAutomationGate } from "../../stations/automation.ts";
import { transactionQueries } from "../repository/queries.ts";
import { createTransactionDenial, type DeniedTransaction } from "./denial.ts";

/** How many transactions of one station a run asks about at most: the newest first. */
const most = 20;
/** Milliseconds between two questions to one station. */
const spacing = 500;

/**
 * Makes the service that ends open transactions which a later one has followed on their EVSE: stations of 2.x are asked about
 * them (E14), and those that have sent nothing for `transactions.doubtfulAfter` are closed provisionally, whatever may be asked.
 */
export function createDoubtfulTransactions(services: Services): BackgroundService {
  const { openDoubtful } = transactionQueries(services.store);
  const { connections, stations, clock, configuration, log } = services;
  const name = "doubtful-transactions";
  const by: AutomaticRequester = { by: name, automation: "lostTransactions" };
  const automation = createAutomationGate(configuration);
  const denial = createTransactionDenial(services);
  const limit = configuration.transactions.doubtfulAfter * 1_000;

  /** Asks one station about its own; how many were closed. */
  const ask = async (stationId: string, rows: readonly DeniedTransaction[], signal: AbortSignal): Promise<number> => {
    let closed = 0;
    for (const [index, row] of rows.slice(0, most).entries()) {
      if (index > 0) await pause(clock, spacing, signal);
      if (signal.aborted) break;
      try {
        if (!(await denial.denies(row, by))) continue;
      } catch (error) {
        // It is asked again with the next run.
        log.part("background").debug({ service: name, stationId, error }, "A station could not be asked");
        break;
      }
      if (await denial.close(row, "the station says that it does not go on")) closed += 1;
    }
    return closed;
  };

  return {
    name,
    description:
      "Asks stations about open transactions that a later one has followed on their EVSE, and closes those that are over.",
    interval: configuration.background.doubtfulTransactions * 1_000,
    run: async (signal) => {
      const doubtful = await openDoubtful();
      let closed = 0;
      const open = new Map<string, DeniedTransaction[]>();
      for (const row of doubtful) {
        if (signal.aborted) break;
        if (clock.now() - row.updated_at >= limit) {
          const why = `a later one has started on its EVSE, and nothing was heard of it for ${limit / 1_000} s`;
          if (await denial.close(row, why)) closed += 1;
        } else if (factsOf(row.protocol).answersTransactionStatus && connections.of(row.station_id) !== undefined) {
          open.set(row.station_id, [...(open.get(row.station_id) ?? []), row]);
        }
      }
      const asked = Array.from(open).filter(([id]) => automation.allows(stations.live(id), by.automation));
      const counts = await Promise.all(asked.map(([id, rows]) => ask(id, rows, signal)));
      closed += counts.reduce((sum, count) => sum + count, 0);
      if (doubtful.length === 0) return "No open transaction was followed by another on its EVSE.";
      return `Open transactions that a later one has followed: ${doubtful.length}; closed: ${closed}.`;
    },
  };
}
