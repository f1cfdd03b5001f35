import type { passwordLimitIn } from "../../../commands/credentials.ts";
import type { ReportedData } from "../../../stations/message-limits.ts";
import type { HandlerContext } from "../../handler-context.ts";
import type { IdTokenInfo } from "./id-token-info.ts";
import type { MeterValue2x } from "./meter-values.ts";

/*
 * What 2.0.1 and 2.1 have in common. The requests are described as far as they are read, with texts where the versions
 * have different enumerations, so that one handler fits the map of either.
 */

type MeterValues = readonly MeterValue2x[] | undefined;

/** An id token as both versions send it. */
export interface IdToken {
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

/** A part of a NotifyEvent. */
export interface EventData {
  readonly timestamp: string;
  readonly actualValue: string;
  readonly component: { readonly name: string; readonly evse?: Evse | undefined };
  readonly variable: { readonly name: string };
}

type Handle<Request, Response> = (request: Request, context: HandlerContext) => Response | Promise<Response>;

/** Why a request was not granted, for people who read logs. */
interface StatusInfo {
  reasonCode: string;
  additionalInfo: string;
}

/** A response without fields. */
export interface EmptyResponse {
  customData?: undefined;
}

/** The messages that are only written down. */
export const notices = [
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
  readonly NotifyEVChargingSchedule: Handle<unknown, { status: "Rejected"; statusInfo: StatusInfo }>;
  readonly NotifyEvent: Handle<{ readonly eventData: readonly EventData[] }, EmptyResponse>;
  readonly NotifyReport: Handle<
    { readonly tbc?: boolean | undefined; readonly reportData?: readonly ReportedData[] | undefined } & Parameters<
      typeof passwordLimitIn
    >[0],
    EmptyResponse
  >;
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
