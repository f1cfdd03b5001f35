import type { NewEvent } from "../../events/events.ts";
import type { BackgroundService } from "../../jobs/background-service.ts";
import type { Services } from "../../services.ts";
import type { CommandRow } from "../../store/tables/commands.ts";
import { createCommandQueries } from "../repository.ts";

/** Milliseconds between two runs. */
const interval = 600_000;
/** Milliseconds after its deadline that a command may still be under way: stations may be given long to answer. */
const grace = 3_600_000;
/** How many are ended in a run. */
const most = 500;

const description = "The end of the command was lost; it is not known whether the station has done it";

function endOf({ id, station_id, action, requested_by, job_id }: CommandRow): NewEvent {
  const job = job_id === null ? {} : { jobId: job_id };
  const data = {
    id,
    action,
    requestedBy: requested_by,
    ...job,
    errorCode: "Interrupted",
    errorDescription: description,
  };
  return { stationId: station_id, kind: "command.failed", data };
}

/** Makes the service that ends commands whose end could not be stored when it came, because the store was away. */
export function createStaleCommands({ store, events, clock }: Services): BackgroundService {
  const commands = createCommandQueries(store);
  return {
    name: "stale-commands",
    description: "Ends commands whose answer was lost.",
    interval,
    run: async () => {
      const now = clock.now();
      const stale = await commands.overdue(now - grace, most);
      if (stale.length === 0) return "No command was stale.";
      const ids = stale.map(({ id }) => id);
      await events.commit([commands.interruption(ids, description, now)], stale.map(endOf));
      return `Commands that were stale: ${stale.length}.`;
    },
  };
}
