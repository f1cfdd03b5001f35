import { type MeterValue2x, readSampled2x } from "../../domain/meter-value.ts";
import type { TokenVerdict } from "../../services/token-registry.ts";
import type { MessageFacts } from "../../services/transaction-recorder.ts";
import { createKeyCodeGuard } from "../key-code-guard.ts";
import type { MessageContext } from "../message-context.ts";
import { type IdTokenInfo, idTokenInfo } from "./id-token-info.ts";
import type { HandlerServices, StationMessages } from "./station-messages.ts";

/*
 * What 2.0.1 and 2.1 have in common. The requests are described as far as they are read, with texts where the versions
 * have different enumerations, so that one handler fits the map of either.
 */

type MeterValues = readonly MeterValue2x[] | undefined;

interface IdToken {
  readonly idToken: string;
  readonly type: string;
}

interface Evse {
  readonly id: number;
  readonly connectorId?: number | undefined;
}

interface BootRequest {
  readonly reason: string;
  readonly chargingStation: {
    readonly vendorName: string;
    readonly model: string;
    readonly serialNumber?: string | undefined;
    readonly firmwareVersion?: string | undefined;
    readonly modem?: { readonly iccid?: string | undefined; readonly imsi?: string | undefined } | undefined;
  };
}

interface TransactionEventRequest {
  readonly eventType: "Started" | "Updated" | "Ended";
  readonly triggerReason: string;
  readonly seqNo: number;
  readonly timestamp: string;
  readonly offline?: boolean | undefined;
  readonly reservationId?: number | undefined;
  readonly transactionInfo: {
    readonly transactionId: string;
    readonly chargingState?: string | undefined;
    readonly stoppedReason?: string | undefined;
    readonly remoteStartId?: number | undefined;
  };
  readonly evse?: Evse | undefined;
  readonly idToken?: IdToken | undefined;
  readonly meterValue?: MeterValues;
}

interface EventData {
  readonly timestamp: string;
  readonly actualValue: string;
  readonly component: { readonly name: string; readonly evse?: Evse | undefined };
  readonly variable: { readonly name: string };
}

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

type Handle<Request, Response> = (request: Request, context: MessageContext) => Response | Promise<Response>;

/** A response without fields. */
interface EmptyResponse {
  customData?: undefined;
}

/** The messages that are only written down. */
const notices = [
  "ClearedChargingLimit",
  "FirmwareStatusNotification",
  "LogStatusNotification",
  "NotifyChargingLimit",
  "NotifyCustomerInformation",
  "NotifyDisplayMessages",
  "NotifyMonitoringReport",
  "PublishFirmwareStatusNotification",
  "ReportChargingProfiles",
] as const;

/** The handlers that 2.0.1 and 2.1 have in common. */
export type Handlers2x = { readonly [K in (typeof notices)[number]]: Handle<unknown, EmptyResponse> } & {
  readonly Authorize: Handle<
    {
      readonly idToken: IdToken;
      readonly certificate?: string | undefined;
      readonly iso15118CertificateHashData?: unknown;
    },
    { idTokenInfo: IdTokenInfo; certificateStatus?: "CertChainError" }
  >;
  readonly BootNotification: Handle<
    BootRequest,
    { status: "Accepted" | "Pending" | "Rejected"; currentTime: string; interval: number }
  >;
  readonly DataTransfer: Handle<
    { readonly vendorId: string; readonly messageId?: string | undefined; readonly data?: unknown },
    { status: "Accepted" | "Rejected" | "UnknownMessageId" | "UnknownVendorId"; data?: unknown }
  >;
  readonly Get15118EVCertificate: Handle<unknown, { status: "Failed"; exiResponse: string }>;
  readonly GetCertificateStatus: Handle<unknown, { status: "Failed" }>;
  readonly Heartbeat: Handle<unknown, { currentTime: string }>;
  readonly MeterValues: Handle<{ readonly evseId: number; readonly meterValue?: MeterValues }, EmptyResponse>;
  readonly NotifyEVChargingNeeds: Handle<unknown, { status: "Rejected" }>;
  readonly NotifyEVChargingSchedule: Handle<unknown, { status: "Accepted" }>;
  readonly NotifyEvent: Handle<{ readonly eventData: readonly EventData[] }, EmptyResponse>;
  readonly NotifyReport: Handle<{ readonly tbc?: boolean | undefined }, EmptyResponse>;
  readonly ReservationStatusUpdate: Handle<
    { readonly reservationId: number; readonly reservationUpdateStatus: string },
    EmptyResponse
  >;
  readonly SecurityEventNotification: Handle<
    { readonly type: string; readonly timestamp: string; readonly techInfo?: string | undefined },
    EmptyResponse
  >;
  readonly SignCertificate: Handle<unknown, { status: "Rejected" }>;
  readonly StatusNotification: Handle<
    {
      readonly evseId: number;
      readonly connectorId: number;
      readonly connectorStatus: string;
      readonly timestamp: string;
    },
    EmptyResponse
  >;
  readonly TransactionEvent: Handle<TransactionEventRequest, { idTokenInfo?: IdTokenInfo }>;
};

/** Makes the handlers that both versions have; `protocol` is the subprotocol that they serve. */
export function createHandlers2x(
  protocol: string,
  { clock, log, operations, reservations, tokens, transactions }: HandlerServices,
  messages: StationMessages,
): Handlers2x {
  const factsOf = ({ identity, messageId, receivedAt, requestText }: MessageContext): MessageFacts => ({
    stationId: identity,
    protocol,
    messageId,
    receivedAt,
    payload: requestText,
  });

  const keyCodes = createKeyCodeGuard(clock);

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
    (request: unknown, context: MessageContext): EmptyResponse => {
      messages.notice(context, action, request);
      return {};
    };

  /** Asks once whether messages of a transaction wait in the station, since one is missing (E14). */
  const askAboutGap = ({ identity, info, afterResponse }: MessageContext, transactionId: string): void => {
    if (info.asked.has(transactionId)) return;
    if (info.asked.size >= 100) info.asked.clear();
    info.asked.add(transactionId);
    afterResponse(async () => {
      try {
        await operations.transactionStatus(identity, transactionId, "gateway");
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
      // Nobody here can verify a contract certificate, and one that is not verified does not let charge (C07.FR.17).
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
      return { status: "Accepted" };
    },
    NotifyEvent: async (request, context) => {
      messages.notice(context, "NotifyEvent", request);
      for (const { component, variable, actualValue, timestamp } of request.eventData) {
        const place = variable.name === "AvailabilityState" ? placeOf(component) : undefined;
        if (place !== undefined) await messages.status(context, { ...place, status: actualValue, timestamp });
      }
      return {};
    },
    NotifyReport: (request, context) => {
      if (request.tbc !== true) context.info.gate.fulfil("NotifyReport");
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
      const { verdict, gap } = await transactions.event({
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
      messages.began(context, { transactionId, reservationId, remoteStartId });
      if (gap) askAboutGap(context, transactionId);
      return verdict === undefined ? {} : { idTokenInfo: idTokenInfo(verdict, idToken?.type ?? "") };
    },
  };
}
