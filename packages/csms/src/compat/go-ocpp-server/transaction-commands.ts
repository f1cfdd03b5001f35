import { callerName } from "../../http/access.ts";
import { fieldError } from "../../http/api-error.ts";
import type { Resource } from "../../http/resource.ts";
import { boolean, record, text, whole } from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { TransactionRow } from "../../store/tables/transactions.ts";
import { addNamedCommand, commandBody, stationAnswer, stationResult } from "./named-command.ts";
import { transactionName, transactionNameSchema } from "./transaction-name.ts";

interface StopBody {
  readonly transactionId?: number | string;
  readonly connectorId?: number;
  readonly reason?: string;
}

/** The commands of go-ocpp-server that start and stop transactions, for stations of all versions. */
export const transactionCommandsResource: Resource = (app, { operations, transactions, systemLog }) => {
  addNamedCommand(
    app,
    {
      name: "remote-start",
      summary: "Start a transaction: the station is asked.",
      body: commandBody(
        {
          idTag: text("The id token.", 255),
          connectorId: whole(
            "The connector of a 1.6 station, the EVSE of a 2.x station; the station chooses unless given.",
            1,
          ),
          idTokenType: text("The type of the token in 2.x; that of its record, or ISO14443, unless given.", 20),
        },
        ["idTag"],
      ),
      example: { idTag: "RFID123", connectorId: 1 },
      answer: record({
        ...stationAnswer,
        remoteStartId: whole("What names the start in a 2.x TransactionEvent."),
        knownToken: boolean(
          "Whether the id token was entered. Where it was not, a station that asks about it is answered as `tokens.unknown` of the configuration says.",
        ),
      }),
    },
    async ({ chargePointId, idTag, connectorId, idTokenType }, request) => {
      const asked = { idToken: idTag, type: idTokenType, evseId: connectorId };
      const result = await operations.remoteStart(chargePointId, asked, callerName(request));
      const { remoteStartId, knownToken } = result;
      const answer = stationResult("Remote start", result);
      const message = knownToken ? answer.message : `${answer.message}; this id token is unknown`;
      return { ...answer, message, remoteStartId, knownToken };
    },
  );

  const runningAt = async (
    chargePointId: string,
    { transactionId, connectorId }: StopBody,
  ): Promise<TransactionRow> => {
    if (transactionId !== undefined) {
      const row = await transactions.find(String(transactionId), chargePointId);
      if (row !== undefined && row.complete === 0) return row;
      throw new NotFoundError(`There is no active transaction ${JSON.stringify(transactionId)} at ${chargePointId}.`);
    }
    if (connectorId === undefined) throw fieldError("body", "transactionId", "or connectorId is required");
    const [row] = await transactions.open(chargePointId, connectorId);
    if (row !== undefined) return row;
    throw new NotFoundError(`There is no active transaction at connector ${connectorId} of ${chargePointId}.`);
  };

  addNamedCommand(
    app,
    {
      name: "remote-stop",
      summary: "Stop a transaction, named by itself or by its connector: the station is asked.",
      body: commandBody({
        transactionId: transactionNameSchema,
        connectorId: whole("The connector of a 1.6 station, the EVSE of a 2.x station.", 1),
        reason: text("Why; recorded with the transaction.", 100),
      }),
      example: { transactionId: 12345 },
      answer: record({ ...stationAnswer, transactionId: transactionNameSchema }),
    },
    async ({ chargePointId, ...body }, request) => {
      const row = await runningAt(chargePointId, body);
      const result = await operations.remoteStop(chargePointId, row.transaction_id, callerName(request), body.reason);
      if (result.accepted) {
        const reason = body.reason === undefined ? "Remote" : `Remote: ${body.reason}`;
        systemLog.write(
          "INFO",
          "API",
          `Remote stop of transaction ${transactionName(row)} accepted (${reason})`,
          chargePointId,
        );
      }
      return { ...stationResult("Remote stop", result), transactionId: transactionName(row) };
    },
  );
};
