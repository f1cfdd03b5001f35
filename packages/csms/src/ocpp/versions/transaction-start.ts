import type { Services } from "../../services.ts";
import { storableFacts } from "../../shared/storable-text.ts";
import type { HandlerContext } from "../handler-context.ts";

/** What a message says of the beginning of a transaction. */
export interface TransactionStart {
  readonly transactionId: string;
  readonly reservationId?: number | undefined;
  /** The number of the remote start that it answers, in 2.x. */
  readonly remoteStartId?: number | undefined;
  /** In 1.6, where a remote start is known by its id tag only. */
  readonly idTag?: string | undefined;
}

/** The services that this needs. */
export type TransactionStartServices = Pick<Services, "log" | "remoteStarts" | "reservations" | "transactions">;

/** Ties transactions to what they answer to: the reservation that they use up, the remote start that waits for them. */
export interface TransactionStarts {
  /**
   * A transaction has begun and is recorded. The response does not wait for this, and it is done although the station hangs
   * up; a failure is logged.
   */
  began(context: HandlerContext, start: TransactionStart): void;
  /** Resolves when all that was begun so far is recorded. */
  settled(): Promise<void>;
}

/** Makes what ties them. */
export function createTransactionStarts({
  log,
  remoteStarts,
  reservations,
  transactions,
}: TransactionStartServices): TransactionStarts {
  const underWay = new Set<Promise<void>>();

  const tie = async (stationId: string, start: TransactionStart): Promise<void> => {
    const { transactionId, reservationId, remoteStartId, idTag } = start;
    const remoteStart = await remoteStarts.pending(stationId, { remoteStartId, idToken: idTag });
    if (reservationId === undefined && remoteStart === undefined) return;
    const row = await transactions.find(transactionId, stationId);
    if (row === undefined) return;
    if (reservationId !== undefined) await reservations.used(reservationId, stationId, row.id);
    if (remoteStart !== undefined) await remoteStarts.started(remoteStart.id, row.id);
  };

  return {
    began: ({ identity }, start) => {
      const { transactionId, reservationId, remoteStartId, idTag } = storableFacts(start);
      if (reservationId === undefined && remoteStartId === undefined && idTag === undefined) return;
      const tied = tie(identity, { transactionId, reservationId, remoteStartId, idTag })
        .catch((error: unknown) => {
          log.error(
            { stationId: identity, transactionId, error },
            "What a transaction answers to could not be recorded",
          );
        })
        .finally(() => underWay.delete(tied));
      underWay.add(tied);
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
