import { OperationError } from "../../commands/operations.ts";
import { factsOf } from "../../ocpp/versions/versions.ts";
import type { Services } from "../../services.ts";
import { pause } from "../../shared/pause.ts";
import type { AutomaticRequester } from "../../stations/automation.ts";
import type { TransactionRow } from "../../store/tables/transactions.ts";
import type { TransactionDenial } from "./denial.ts";

/**
 * Asks stations how their open transactions stand: one question after the other, spaced, each once, and no more than some. A
 * later round about a station takes the place of one that is under way.
 */
export interface TransactionQuestions {
  /**
   * After an accepted boot, since the station may have lost transactions with its power: about each EVSE with open ones its
   * status and its meter values (in 2.x a TransactionEvent), and in 2.x about those that are doubtful by themselves. A
   * BootNotification is not asked for (1.6 errata 3.40).
   */
  afterBoot(stationId: string): Promise<void>;
  /** About transactions that have just become doubtful. */
  doubtful(stationId: string, rows: readonly TransactionRow[]): Promise<void>;
  /** Asks nothing any more. */
  close(): void;
}

/** The services that this needs. */
export type QuestionServices = Pick<Services, "clock" | "connections" | "log" | "operations" | "transactions">;

/** How many EVSEs, and how many transactions by themselves, one round asks about at most: the newest first. */
const mostPlaces = 32;
const mostTransactions = 20;
/** Milliseconds between two questions to one station. */
const spacing = 500;

/** The errors after which a station is not asked again: it is not there, or must not be asked. */
const ending: ReadonlySet<string> = new Set(["ConnectionLost", "NotConnected", "SwitchedOff", "Timeout"]);

const booted: AutomaticRequester = { by: "gateway", automation: "afterBoot" };
const doubting: AutomaticRequester = { by: "gateway", automation: "lostTransactions" };

/** A question, which a station may answer in its own time. */
type Question = () => Promise<unknown>;

/** The first row of each EVSE. */
function byEvse(rows: readonly TransactionRow[]): TransactionRow[] {
  const places = new Map<number, TransactionRow>();
  for (const row of rows) if (row.evse_id !== 0 && !places.has(row.evse_id)) places.set(row.evse_id, row);
  return Array.from(places.values()).slice(0, mostPlaces);
}

/** Makes what asks. */
export function createTransactionQuestions(
  services: QuestionServices,
  denial: TransactionDenial,
): TransactionQuestions {
  const { clock, connections, log, operations, transactions } = services;
  const rounds = new Map<string, AbortController>();

  const canTellOfTransactions = (stationId: string): boolean =>
    factsOf(connections.of(stationId)?.protocol).answersTransactionStatus;

  const aboutPlace = (
    stationId: string,
    { evse_id: evseId, connector_id }: TransactionRow,
    by: AutomaticRequester,
  ): Question[] => {
    const where = { evseId, connectorId: connector_id === 0 ? 1 : connector_id };
    const { meterTrigger, hasEvses } = factsOf(connections.of(stationId)?.protocol);
    return [
      () => operations.triggerMessage(stationId, "StatusNotification", by, where),
      () => operations.triggerMessage(stationId, meterTrigger, by, hasEvses ? { evseId } : where),
    ];
  };

  const aboutTransaction =
    (row: TransactionRow): Question =>
    async () => {
      if (await denial.denies(row, doubting)) await denial.close(row, "the station says that it does not go on");
    };

  const ask = async (stationId: string, questions: readonly Question[]): Promise<void> => {
    if (questions.length === 0) return;
    rounds.get(stationId)?.abort();
    const round = new AbortController();
    rounds.set(stationId, round);
    const { signal } = round;
    for (const [index, question] of questions.entries()) {
      if (index > 0) await pause(clock, spacing, signal);
      if (signal.aborted) return;
      try {
        await question();
      } catch (error) {
        log.debug({ stationId, error }, "A station was asked about its transactions in vain");
        if (error instanceof OperationError && ending.has(error.code)) break;
      }
    }
    if (rounds.get(stationId) === round) rounds.delete(stationId);
  };

  const aboutDoubtful = (stationId: string, rows: readonly TransactionRow[]): Question[] => {
    const newest = rows.toSorted((one, other) => other.id - one.id);
    return canTellOfTransactions(stationId)
      ? newest.slice(0, mostTransactions).map(aboutTransaction)
      : byEvse(newest).flatMap((row) => aboutPlace(stationId, row, doubting));
  };

  return {
    afterBoot: async (stationId) => {
      const open = await transactions.open(stationId);
      const places = byEvse(open).flatMap((row) => aboutPlace(stationId, row, booted));
      // Who cannot be asked about a transaction has said all that there is to know with the answers to the same two questions.
      const single = canTellOfTransactions(stationId) ? open.filter((row) => row.doubtful_since !== null) : [];
      await ask(stationId, [...places, ...aboutDoubtful(stationId, single)]);
    },
    doubtful: (stationId, rows) => ask(stationId, aboutDoubtful(stationId, rows)),
    close: () => {
      for (const round of rounds.values()) round.abort();
      rounds.clear();
    },
  };
}
