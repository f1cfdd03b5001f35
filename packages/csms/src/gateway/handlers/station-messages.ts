import { maskFrame } from "../../operation/secret-mask.ts";
import type { StatusFacts } from "../../services/connector-recorder.ts";
import type { DataTransferAnswer } from "../../services/data-transfers.ts";
import { OperationError } from "../../services/operations.ts";
import type { Services } from "../../services/services.ts";
import type { BootFacts } from "../../services/station-facts.ts";
import { storableFacts } from "../../services/storable-text.ts";
import type { StationRow } from "../../store/tables.ts";
import type { LossWatch } from "../loss-watch.ts";
import type { MessageContext } from "../message-context.ts";
import { createTransactionStarts, type TransactionStart } from "./transaction-start.ts";

/** What stations send in every version, and what is done about it; the handlers of the versions put it into their words. */
export interface StationMessages {
  boot(
    context: MessageContext,
    facts: BootFacts,
  ): Promise<{ status: StationRow["registration"]; currentTime: string; interval: number }>;
  heartbeat(context: MessageContext): Promise<{ currentTime: string }>;
  status(context: MessageContext, facts: Omit<StatusFacts, "stationId">): Promise<void>;
  securityEvent(
    context: MessageContext,
    event: { readonly type: string; readonly timestamp: string; readonly techInfo?: string | undefined },
  ): Promise<void>;
  dataTransfer(
    context: MessageContext,
    transfer: { readonly vendorId: string; readonly messageId?: string | undefined; readonly data?: unknown },
  ): Promise<DataTransferAnswer>;
  /** A message that is only written down and told of. */
  notice(context: MessageContext, action: string, request: unknown): void;
  /** A transaction that begins, and what it may answer to. */
  readonly began: (context: MessageContext, start: TransactionStart) => void;
  readonly losses: LossWatch;
}

/** The services that the handlers need. */
export type HandlerServices = Pick<
  Services,
  | "clock"
  | "connectors"
  | "dataTransfers"
  | "events"
  | "log"
  | "operations"
  | "reservations"
  | "stations"
  | "store"
  | "systemLog"
  | "tokens"
  | "transactions"
>;

/** The security events that are critical (OCPP 2.0.1 part 2 appendices, section 1; 1.6 security whitepaper §4). */
const criticalEvents: ReadonlySet<string> = new Set([
  "FirmwareUpdated",
  "SettingSystemTime",
  "StartupOfTheDevice",
  "ResetOrReboot",
  "SecurityLogWasCleared",
  "MemoryExhaustion",
  "TamperDetectionActivated",
  "InvalidCsmsCertificate",
  "InvalidChargingStationCertificate",
  "InvalidTLSVersion",
  "InvalidTLSCipherSuite",
  "MaintenanceLoginAccepted",
  "MaintenanceLoginFailed",
]);

/** The errors of a station that does not answer. */
const unanswered: ReadonlySet<string> = new Set(["ConnectionLost", "NotConnected", "Timeout"]);

/** Who asks, in the records of commands that the gateway gives. */
const by = "gateway";

/** The request without secrets, which a report of variables may hold. */
function masked(request: unknown): unknown {
  const text = JSON.stringify(request);
  const without = maskFrame(text);
  return without === text ? request : (JSON.parse(without) as unknown);
}

/** Makes what the versions share. */
export function createStationMessages(services: HandlerServices, losses: LossWatch): StationMessages {
  const {
    clock,
    connectors,
    dataTransfers,
    events,
    log,
    operations,
    reservations,
    stations,
    store,
    systemLog,
    transactions,
  } = services;

  const currentTime = (): string => new Date(clock.now()).toISOString();

  /**
   * Asks an accepted station how its open transactions stand, since it may have lost them with its power. A BootNotification
   * is not asked for (1.6 errata 3.40).
   */
  const askAboutTransactions = async ({ identity, info }: MessageContext): Promise<void> => {
    const open = await transactions.open(identity);
    const message = info.line?.protocol === "ocpp1.6" ? "MeterValues" : "TransactionEvent";
    for (const { evse_id: evseId, connector_id } of open) {
      if (evseId === 0) continue;
      const where = { evseId, connectorId: connector_id === 0 ? 1 : connector_id };
      for (const requested of ["StatusNotification", message]) {
        try {
          await operations.triggerMessage(
            identity,
            requested,
            by,
            requested === "TransactionEvent" ? { evseId } : where,
          );
        } catch (error) {
          log.debug({ stationId: identity, error }, `A station was asked for ${requested} in vain`);
          // A station that does not answer is not asked again and again, which would hold up the commands of others.
          if (error instanceof OperationError && unanswered.has(error.code)) return;
        }
      }
    }
  };

  return {
    losses,
    began: createTransactionStarts(services),
    boot: async (context, facts) => {
      const { status, interval } = await stations.boot(context.identity, facts);
      if (status === "Accepted") context.afterResponse(() => askAboutTransactions(context));
      return { status, currentTime: currentTime(), interval };
    },
    heartbeat: async ({ identity }) => {
      await stations.heartbeat(identity);
      return { currentTime: currentTime() };
    },
    status: async (context, facts) => {
      const { identity: stationId, info } = context;
      await connectors.status({ stationId, ...facts });
      await reservations.connectorLost(stationId, facts.evseId, facts.status);
      const { evseId, status } = facts;
      context.afterResponse(() => losses.look({ stationId, protocol: info.line?.protocol ?? "", evseId, status }));
    },
    securityEvent: async ({ identity, receivedAt }, event) => {
      const { type, timestamp, techInfo } = storableFacts(event);
      const critical = criticalEvents.has(type) ? 1 : 0;
      await events.commit(
        [
          store.reader.insertInto("security_events").values({
            id: store.nextId(),
            station_id: identity,
            type,
            tech_info: techInfo ?? null,
            time: timestamp,
            critical,
            received_at: receivedAt,
          }),
        ],
        [
          {
            stationId: identity,
            kind: "station.security",
            data: { type, timestamp, techInfo, critical: critical === 1 },
          },
        ],
      );
      systemLog.write(critical === 1 ? "WARNING" : "NOTICE", "ChargePoint", `Security event ${type}`, identity);
    },
    dataTransfer: ({ identity }, { vendorId, messageId, data }) =>
      dataTransfers.receive({ stationId: identity, vendorId, messageId, data }),
    notice: ({ identity }, action, request) => {
      const status =
        typeof request === "object" && request !== null && "status" in request ? request.status : undefined;
      events.append({ stationId: identity, kind: "station.notified", data: { action, request: masked(request) } });
      const text = typeof status === "string" ? `${action}: ${status}` : action;
      systemLog.write("INFO", "ChargePoint", text, identity);
    },
  };
}
