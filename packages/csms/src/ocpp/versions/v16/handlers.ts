import type { Handlers } from "@ocpp/core";
import type { AuthorizationStatus as AuthorizationStatus16, IdTagInfo, V16 } from "@ocpp/v16";
import type { AuthorizationStatus, TokenVerdict } from "../../../tokens/rules.ts";
import type { HandlerContext } from "../../handler-context.ts";
import type { StationSession } from "../../station-session.ts";
import type { HandlerServices, StationMessages } from "../station-messages.ts";
import { readSampled16 } from "./meter-values.ts";

const statuses: Readonly<Record<AuthorizationStatus, AuthorizationStatus16>> = {
  Accepted: "Accepted",
  Blocked: "Blocked",
  ConcurrentTx: "ConcurrentTx",
  Expired: "Expired",
  Invalid: "Invalid",
  NoCredit: "Blocked",
  NotAllowedTypeEVSE: "Blocked",
  NotAtThisLocation: "Blocked",
  NotAtThisTime: "Blocked",
  Unknown: "Invalid",
};

/** A verdict in the words of 1.6; a parent idTag that is longer than 1.6 allows is left out. */
function idTagInfo({ status, groupId, expiresAt }: TokenVerdict): IdTagInfo {
  return {
    status: statuses[status],
    ...(expiresAt === undefined ? {} : { expiryDate: new Date(expiresAt).toISOString() }),
    ...(groupId === undefined || groupId.length > 20 ? {} : { parentIdTag: groupId }),
  };
}

/** The handlers of OCPP 1.6 with its security extension. */
export function createHandlers16(
  { tokens, transactions }: HandlerServices,
  messages: StationMessages,
): Handlers<V16, "csms", StationSession> {
  const noticed =
    (action: string) =>
    (request: unknown, context: HandlerContext): Record<string, never> => {
      messages.notice(context, action, request);
      return {};
    };
  const factsOf = ({ identity, messageId, receivedAt, requestText, info }: HandlerContext) => ({
    stationId: identity,
    protocol: "ocpp1.6",
    messageId,
    receivedAt,
    late: info.gone,
    payload: requestText,
  });

  return {
    Authorize: async ({ idTag }, { identity }) => ({
      idTagInfo: idTagInfo(await tokens.authorize({ stationId: identity, token: idTag, starting: false })),
    }),
    BootNotification: (request, context) =>
      messages.boot(context, {
        vendor: request.chargePointVendor,
        model: request.chargePointModel,
        serialNumber: request.chargePointSerialNumber ?? request.chargeBoxSerialNumber,
        firmwareVersion: request.firmwareVersion,
        iccid: request.iccid,
        imsi: request.imsi,
        meterType: request.meterType,
        meterSerialNumber: request.meterSerialNumber,
      }),
    DataTransfer: async (request, context) => {
      const { status, data } = await messages.dataTransfer(context, request);
      if (data === undefined) return { status };
      return { status, data: typeof data === "string" ? data : JSON.stringify(data) };
    },
    DiagnosticsStatusNotification: noticed("DiagnosticsStatusNotification"),
    FirmwareStatusNotification: noticed("FirmwareStatusNotification"),
    Heartbeat: (_request, context) => messages.heartbeat(context),
    LogStatusNotification: noticed("LogStatusNotification"),
    MeterValues: async (request, context) => {
      const { connectorId, transactionId, meterValue } = request;
      const meterValues = meterValue.map(readSampled16);
      // Field by field: to spread one object into another takes longer than all else here, and this happens most often.
      await transactions.meterValues({
        stationId: context.identity,
        protocol: "ocpp1.6",
        messageId: context.messageId,
        receivedAt: context.receivedAt,
        payload: context.requestText,
        evseId: connectorId,
        connectorId,
        transactionNumber: transactionId,
        meterValues,
      });
      // Values that we have asked for say nothing about whether the transaction goes on.
      const unasked = meterValues.some(({ samples }) => samples.some((sample) => sample.context !== "Trigger"));
      if (transactionId !== undefined && unasked) {
        messages.losses.heard(context.identity, String(transactionId));
        messages.losses.metered(context.identity, String(transactionId), connectorId);
      }
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
    SignedFirmwareStatusNotification: noticed("SignedFirmwareStatusNotification"),
    StartTransaction: async (request, context) => {
      const { connectorId, idTag, meterStart, timestamp, reservationId } = request;
      const { transactionId, verdict, doubtful } = await transactions.start({
        ...factsOf(context),
        connectorId,
        idTag,
        meterStart,
        timestamp,
        reservationId,
      });
      messages.starts.began(context, { transactionId: String(transactionId), reservationId, idTag });
      if (doubtful.length > 0) context.afterResponse(() => messages.questions.doubtful(context.identity, doubtful));
      return { transactionId, idTagInfo: idTagInfo(verdict) };
    },
    StatusNotification: async ({ connectorId, ...facts }, context) => {
      await messages.status(context, { evseId: connectorId, connectorId, ...facts });
      return {};
    },
    StopTransaction: async (request, context) => {
      const { transactionId, idTag, meterStop, timestamp, reason, transactionData } = request;
      messages.losses.heard(context.identity, String(transactionId));
      const { verdict } = await transactions.stop({
        ...factsOf(context),
        transactionId,
        idTag,
        meterStop,
        timestamp,
        reason,
        meterValues: (transactionData ?? []).map(readSampled16),
      });
      return verdict === undefined ? {} : { idTagInfo: idTagInfo(verdict) };
    },
  };
}
