import { fieldError } from "../../http/api-error.ts";
import type { Resource } from "../../http/resource.ts";
import { boolean, number, parameters, record, stationId, string, text } from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import { transactionName, transactionNameSchema } from "./transaction-name.ts";

/** Ending a transaction by hand, without the station, as go-ocpp-server has it. What the station still reports replaces it. */
export const closeTransactionResource: Resource = (app, { transactions, systemLog }) => {
  app.post(
    "/api/admin/close-transaction",
    {
      config: { role: "admin" },
      schema: {
        operationId: "adminCloseTransaction",
        summary: "Stop a transaction provisionally, without its station.",
        tags: ["go-ocpp-server"],
        body: {
          ...parameters(
            {
              transactionId: transactionNameSchema,
              chargePointId: { ...stationId, description: "Whose transaction, where several stations have the name." },
              finalEnergy: {
                type: "number",
                minimum: 0,
                maximum: 1_000_000,
                description: "What it charged, in kWh; what is known of its meter unless given and above 0.",
              },
              reason: text("Why; AdminClosed unless given.", 100),
            },
            ["transactionId"],
          ),
          examples: [{ transactionId: 12345, finalEnergy: 10.5, reason: "Administrative" }],
        },
        response: {
          200: {
            description: "The transaction has ended.",
            ...record({
              success: boolean(),
              message: string(),
              transactionId: transactionNameSchema,
              energyDelivered: number("In kWh."),
            }),
          },
        },
      },
    },
    async (request) => {
      const { transactionId, chargePointId, finalEnergy = 0, reason = "AdminClosed" } = request.body;
      const row = await transactions.find(String(transactionId), chargePointId);
      if (row === undefined) throw new NotFoundError(`There is no transaction ${JSON.stringify(transactionId)}.`);
      if (row.complete === 1) throw fieldError("body", "transactionId", "is of a transaction that has ended");
      const start = row.meter_start ?? 0;
      const finalRegister = finalEnergy > 0 ? start + finalEnergy * 1_000 : undefined;
      const closed = await transactions.close(row.id, { reason, finalRegister });
      const energy = Math.max(0, (closed.meter_stop ?? start) - start) / 1_000;
      systemLog.write(
        "WARNING",
        "Admin",
        `Transaction ${transactionName(row)} was closed by hand (${reason})`,
        row.station_id,
      );
      return {
        success: true,
        message: "Transaction closed successfully",
        transactionId: transactionName(row),
        energyDelivered: energy,
      };
    },
  );
};
