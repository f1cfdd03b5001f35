import type { Schema } from "../../shared/schema.ts";
import type { TransactionRow } from "../../store/tables/transactions.ts";

/** How go-ocpp-server names a transaction: by the number of 1.6, or here by the text of 2.x. */
export const transactionNameSchema: Schema<number | string> = {
  type: ["integer", "string"],
  description: "The number of a 1.6 transaction, or the transactionId of a 2.x one.",
  minLength: 1,
  maxLength: 36,
};

/** The number of a 1.6 transaction, or the text that a 2.x station calls it by. */
export function transactionName({
  number,
  transaction_id,
}: Pick<TransactionRow, "number" | "transaction_id">): number | string {
  return number ?? transaction_id;
}
