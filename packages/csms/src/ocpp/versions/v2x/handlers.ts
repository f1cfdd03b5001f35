import { passwordLimitIn } from "../../../commands/credentials.ts";
import { isStatus2x } from "../../../connectors/rules.ts";
import { limitsInReport } from "../../../stations/message-limits.ts";
import { createPinThrottle } from "../../../tokens/pin-throttle.ts";
import type { TokenVerdict } from "../../../tokens/rules.ts";
import type { MessageFacts } from "../../../transactions/message-facts.ts";
import type { HandlerContext } from "../../handler-context.ts";
import type { HandlerServices, StationMessages } from "../station-messages.ts";
import { type EmptyResponse, type EventData, type Handlers2x, type IdToken, notices } from "./handler-map.ts";
import { idTokenInfo } from "./id-token-info.ts";
import { readSampled2x } from "./meter-values.ts";

/** Where an AvailabilityState belongs; undefined for components that have none of ours. */
function placeOf({ name, evse }: EventData["component"]): { evseId: number; connectorId: number } | undefined {
  switch (name) {
    case "Connector":
      return evse?.connectorId === undefined ? undefined : { evseId: evse.id, connectorId: evse.connectorId };
    case "EVSE":
      return evse === undefined ? undefined : { evseId: evse.id, connectorId: 0 };
    case "ChargingStation":
      return { evseId: 0, connectorId: 0 };
    default:
      return undefined;
  }
}

/** Makes the handlers that both versions have; `protocol` is the subprotocol that they serve. */
export function createHandlers2x(
  protocol: string,
  { clock, log, operations, reservations, stations, tokens, transactions }: HandlerServices,
  messages: StationMessages,
): Handlers2x {
  const factsOf = ({ identity, messageId, receivedAt, requestText }: HandlerContext): MessageFacts => ({
    stationId: identity,
    protocol,
    messageId,
    receivedAt,
    payload: requestText,
  });

  const keyCodes = createPinThrottle(clock);

  /** What a token is worth that a station asks about. */
  const judge = async (stationId: string, { idToken, type }: IdToken): Promise<TokenVerdict> => {
    const guarded = type === "KeyCode";
    if (guarded && !keyCodes.admits(stationId)) return { status: "Invalid" };
    const verdict = await tokens.authorize({ stationId, token: idToken, type, starting: false });
    if (guarded) keyCodes.note(stationId, verdict.status === "Accepted");
    return verdict;
  };

  const noticed =
    (action: string) =>
    (request: unknown, context: HandlerContext): EmptyResponse => {
      messages.notice(context, action, request);
      return {};
    };

  /** Asks once whether messages of a transaction wait in the station, since one is missing (E14). */
  const askAboutGap = ({ identity, info, afterResponse }: HandlerContext, transactionId: string): void => {
    if (info.asked.has(transactionId)) return;
    info.asked.set(transactionId, true);
    afterResponse(async () => {
      try {
        await operations.transactionStatus(identity, transactionId, { by: "gateway", automation: "lostTransactions" });
      } catch (error) {
        log.debug({ stationId: identity, error }, "A station was asked about a gap in vain");
      }
    });
  };

  const noticing = Object.fromEntries(notices.map((action) => [action, noticed(action)]));
  return {
    ...(noticing as Pick<Handlers2x, (typeof notices)[number]>),
    Authorize: async ({ idToken, certificate, iso15118CertificateHashData }, { identity }) => {
      const { type } = idToken;
      const verdict = await judge(identity, idToken);
      if (certificate === undefined && iso15118CertificateHashData === undefined) {
        return { idTokenInfo: idTokenInfo(verdict, type) };
      }
      // The CSMS cannot verify a contract certificate, and one that is not verified does not let charge (C07.FR.17).
      const unverified = { ...verdict, status: "Invalid", evseIds: undefined } as const;
      return { idTokenInfo: idTokenInfo(unverified, type), certificateStatus: "CertChainError" };
    },
    BootNotification: ({ reason, chargingStation }, context) => {
      const { vendorName, model, serialNumber, firmwareVersion, modem } = chargingStation;
      const { iccid, imsi } = modem ?? {};
      return messages.boot(context, { vendor: vendorName, model, serialNumber, firmwareVersion, iccid, imsi, reason });
    },
    DataTransfer: async (request, context) => {
      const { status, data } = await messages.dataTransfer(context, request);
      return data === undefined ? { status } : { status, data };
    },
    Get15118EVCertificate: (request, context) => {
      messages.notice(context, "Get15118EVCertificate", request);
      return { status: "Failed", exiResponse: "" };
    },
    GetCertificateStatus: (request, context) => {
      messages.notice(context, "GetCertificateStatus", request);
      return { status: "Failed" };
    },
    Heartbeat: (_request, context) => messages.heartbeat(context),
    MeterValues: async (request, context) => {
      const { evseId, meterValue } = request;
      const meterValues = meterValue?.map(readSampled2x) ?? [];
      await transactions.meterValues({ ...factsOf(context), evseId, connectorId: 0, meterValues });
      return {};
    },
    NotifyEVChargingNeeds: (request, context) => {
      messages.notice(context, "NotifyEVChargingNeeds", request);
      return { status: "Rejected" };
    },
    NotifyEVChargingSchedule: (request, context) => {
      messages.notice(context, "NotifyEVChargingSchedule", request);
      // The CSMS cannot say that it is within the limits of a schedule of ours (K15.FR.11, K15.FR.12, K17.FR.12).
      const additionalInfo = "The CSMS does not manage charging profiles and cannot check the schedule";
      return { status: "Rejected", statusInfo: { reasonCode: "UnsupportedRequest", additionalInfo } };
    },
    NotifyEvent: async (request, context) => {
      messages.notice(context, "NotifyEvent", request);
      for (const { component, variable, actualValue, timestamp } of request.eventData) {
        const isStatus = variable.name === "AvailabilityState" && isStatus2x(actualValue);
        const place = isStatus ? placeOf(component) : undefined;
        if (place !== undefined) await messages.status(context, { ...place, status: actualValue, timestamp });
      }
      return {};
    },
    NotifyReport: async (request, context) => {
      if (request.tbc !== true) context.info.gate.fulfil("NotifyReport");
      await stations.noteLimits(context.identity, limitsInReport(request.reportData ?? []));
      const limit = passwordLimitIn(request);
      if (limit !== undefined) stations.notePasswordLimit(context.identity, limit);
      messages.notice(context, "NotifyReport", request);
      return {};
    },
    ReservationStatusUpdate: async ({ reservationId, reservationUpdateStatus }, { identity }) => {
      await reservations.updated(reservationId, identity, reservationUpdateStatus);
      return {};
    },
    SecurityEventNotification: async (request, context) => {
      await messages.securityEvent(context, request);
      return {};
    },
    SignCertificate: (request, context) => {
      messages.notice(context, "SignCertificate", request);
      // There is no authority here that could sign it.
      return { status: "Rejected" };
    },
    StatusNotification: async ({ evseId, connectorId, connectorStatus, timestamp }, context) => {
      await messages.status(context, { evseId, connectorId, status: connectorStatus, timestamp });
      return {};
    },
    TransactionEvent: async (request, context) => {
      const { eventType, triggerReason, seqNo, timestamp, offline = false, reservationId } = request;
      const { transactionInfo, evse, idToken, meterValue } = request;
      const { transactionId, chargingState, stoppedReason, remoteStartId } = transactionInfo;
      messages.losses.heard(context.identity, transactionId);
      const { verdict, gap, doubtful } = await transactions.event({
        ...factsOf(context),
        type: eventType,
        trigger: triggerReason,
        seqNo,
        timestamp,
        offline,
        transactionId,
        chargingState,
        stoppedReason,
        remoteStartId,
        reservationId,
        evseId: evse?.id,
        connectorId: evse?.connectorId,
        idToken: idToken === undefined ? undefined : { token: idToken.idToken, type: idToken.type },
        meterValues: meterValue?.map(readSampled2x) ?? [],
      });
      messages.starts.began(context, { transactionId, reservationId, remoteStartId });
      if (doubtful.length > 0) context.afterResponse(() => messages.questions.doubtful(context.identity, doubtful));
      if (gap) askAboutGap(context, transactionId);
      return verdict === undefined ? {} : { idTokenInfo: idTokenInfo(verdict, idToken?.type ?? "") };
    },
  };
}
