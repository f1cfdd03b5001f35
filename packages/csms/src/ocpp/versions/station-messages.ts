import { OcppError } from "@ocpp/core";
import type { StatusFacts } from "../../connectors/recorder.ts";
import { createLogRepository } from "../../observability/repository/logs.ts";
import { maskFrame } from "../../observability/secret-mask.ts";
import type { Services } from "../../services.ts";
import { storableFacts } from "../../shared/storable-text.ts";
import type { DataTransferAnswer } from "../../stations/data-transfers.ts";
import type { BootFacts } from "../../stations/facts.ts";
import type { StationRow } from "../../store/tables/stations.ts";
import type { LostTransactions } from "../../transactions/jobs/lost-transactions.ts";
import type { TransactionQuestions } from "../../transactions/jobs/questions.ts";
import type { HandlerContext } from "../handler-context.ts";
import { createTransactionStarts, type TransactionStarts } from "./transaction-start.ts";

/** What stations send in every version, and what is done about it; the handlers of the versions put it into their words. */
export interface StationMessages {
  boot(
    context: HandlerContext,
    facts: BootFacts,
  ): Promise<{ status: StationRow["registration"]; currentTime: string; interval: number }>;
  heartbeat(context: HandlerContext): Promise<{ currentTime: string }>;
  status(context: HandlerContext, facts: Omit<StatusFacts, "stationId">): Promise<void>;
  securityEvent(
    context: HandlerContext,
    event: { readonly type: string; readonly timestamp: string; readonly techInfo?: string | undefined },
  ): Promise<void>;
  dataTransfer(
    context: HandlerContext,
    transfer: { readonly vendorId: string; readonly messageId?: string | undefined; readonly data?: unknown },
  ): Promise<DataTransferAnswer>;
  /** A message that is only written down and told of. */
  notice(context: HandlerContext, action: string, request: unknown): void;
  readonly starts: TransactionStarts;
  readonly losses: LostTransactions;
  readonly questions: TransactionQuestions;
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
  | "remoteStarts"
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

/** The code of a connection that is closed since it does not keep to what was agreed (RFC 6455 §7.4.1). */
const policyViolation = 1008;

/** The request without secrets, which a report of variables may hold. */
function masked(request: unknown): unknown {
  const text = JSON.stringify(request);
  const without = maskFrame(text);
  return without === text ? request : (JSON.parse(without) as unknown);
}

/** Makes what the versions share. */
export function createStationMessages(
  services: HandlerServices,
  losses: LostTransactions,
  questions: TransactionQuestions,
): StationMessages {
  const { clock, connectors, dataTransfers, events, reservations, stations, store, systemLog } = services;
  const logs = createLogRepository(store);

  const currentTime = (): string => new Date(clock.now()).toISOString();

  /**
   * Closes the connection of a station that gives another serial number than its client certificate does (B01.FR.11,
   * B01.FR.12). A boot that gives none is nothing to compare.
   */
  const checkSerialNumber = ({ identity, info }: HandlerContext, { serialNumber }: BootFacts): void => {
    const { certifiedSerialNumber } = info;
    if (certifiedSerialNumber === undefined || serialNumber === undefined || serialNumber === "") return;
    if (serialNumber === certifiedSerialNumber) return;
    const text =
      "InvalidChargingStationCertificate: the connection was closed, since the serial number in the BootNotification is not the one that the client certificate names";
    systemLog.write("WARNING", "System", text, identity);
    info.connection?.close(policyViolation, "The serial number is not that of the certificate");
    throw new OcppError("SecurityError", "The serial number is not the one that the client certificate names");
  };

  return {
    losses,
    questions,
    starts: createTransactionStarts(services),
    boot: async (context, facts) => {
      checkSerialNumber(context, facts);
      const { status, interval } = await stations.boot(context.identity, facts, { late: context.info.gone });
      if (status === "Accepted") context.afterResponse(() => questions.afterBoot(context.identity));
      return { status, currentTime: currentTime(), interval };
    },
    heartbeat: async ({ identity }) => {
      await stations.heartbeat(identity);
      return { currentTime: currentTime() };
    },
    status: async (context, facts) => {
      const { identity: stationId, info } = context;
      await connectors.status({ stationId, ...facts }, { receivedAt: context.receivedAt, late: info.gone });
      await reservations.connectorLost(stationId, facts.evseId, facts.status);
      const { evseId, status } = facts;
      context.afterResponse(() =>
        losses.look({ stationId, protocol: info.connection?.protocol ?? "", evseId, status }),
      );
    },
    securityEvent: async ({ identity, receivedAt }, event) => {
      const { type, timestamp, techInfo } = storableFacts(event);
      const critical = criticalEvents.has(type) ? 1 : 0;
      await events.commit(
        [
          logs.securityEvent({
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
