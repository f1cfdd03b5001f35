import { OperationError, type OperationResult } from "../../commands/operations.ts";
import { callerName } from "../../http/access.ts";
import { ApiError } from "../../http/api-error.ts";
import type { Resource } from "../../http/resource.ts";
import { boolean, record, string, text, whole } from "../../shared/schema.ts";
import { knownStation } from "../../stations/rest/stations.ts";
import { connectorPlace } from "./connector-place.ts";
import { addNamedCommand, commandBody } from "./named-command.ts";

/** One step: what the station said to it, or why it said nothing. */
interface Step {
  readonly success: boolean;
  readonly status: string;
}

/** Does a step; that one fails keeps nobody from the next. */
async function attempt(step: Promise<OperationResult>): Promise<Step> {
  try {
    const { accepted, status } = await step;
    return { success: accepted, status };
  } catch (error) {
    if (error instanceof OperationError) return { success: false, status: error.code };
    throw error;
  }
}

function advice(stopped: Step | undefined, unlocked: Step, reset: Step | undefined): string {
  if (stopped?.success === true) return "None: the station stops the transaction.";
  if (unlocked.success) return "Check that the cable is free and that charging has ended.";
  if (reset?.success === true) return "Wait until the station has restarted, then look at its status.";
  return "Visit the station, or switch it off.";
}

/**
 * go-ocpp-server's last resort for a connector that does not stop: asks for its status, stops the transaction that runs there,
 * unlocks it, and restarts the station where neither was accepted. Unlike there it stops no transaction that there is
 * not, and does nothing at all where the station is not connected.
 */
export const forceStopResource: Resource = (app, services) => {
  const { operations, transactions, systemLog, connections } = services;
  addNamedCommand(
    app,
    {
      name: "force-stop",
      summary: "Stop charging at a connector by every means: stop, unlock, and restart where both fail.",
      body: commandBody(
        {
          connectorId: whole(
            "The connector of a 1.6 station; the EVSE of a 2.x station where `evseId` is left out.",
            1,
          ),
          evseId: whole("The EVSE of a 2.x station.", 1),
          reason: text("Why; recorded with the transaction.", 100),
        },
        ["connectorId"],
      ),
      example: { connectorId: 1, reason: "Stuck" },
      answer: record({
        success: boolean("Whether any of it was accepted."),
        message: string(),
        remoteStopResult: string("What the station said; NoTransaction where none runs there."),
        unlockSuccess: boolean(),
        resetSuccess: boolean(),
        recommendedAction: string(),
      }),
    },
    async ({ chargePointId, connectorId, evseId, reason }, request) => {
      const by = callerName(request);
      const place = connectorPlace(await knownStation(services, chargePointId), connectorId, evseId);
      if (connections.of(chargePointId) === undefined) {
        throw new ApiError(409, `${chargePointId} is not connected.`, {
          kind: "not-connected",
          members: { code: "NotConnected" },
        });
      }
      await attempt(operations.triggerMessage(chargePointId, "StatusNotification", by, place));
      const [running] = await transactions.open(chargePointId, place.evseId);
      const stopped =
        running && (await attempt(operations.remoteStop(chargePointId, running.transaction_id, by, reason)));
      const unlocked = await attempt(
        operations.unlockConnector(chargePointId, place.evseId, place.connectorId ?? 1, by),
      );
      const done = stopped?.success === true || unlocked.success;
      const reset = done ? undefined : await attempt(operations.reset(chargePointId, "Soft", by));
      const success = done || reset?.success === true;
      systemLog.write(
        "WARNING",
        "API",
        `Force stop of connector ${connectorId}: ${success ? "accepted" : "refused"}`,
        chargePointId,
      );
      return {
        success,
        message: success ? "Force stop successful" : "Force stop failed",
        remoteStopResult: stopped?.status ?? "NoTransaction",
        unlockSuccess: unlocked.success,
        resetSuccess: reset?.success ?? false,
        recommendedAction: advice(stopped, unlocked, reset),
      };
    },
  );
};
