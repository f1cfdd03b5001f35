import { InvalidRequestError } from "../../../shared/service-error.ts";
import { type CommandMessage, given, type Place, type VersionCommands } from "../version-commands.ts";

/** The number of a connector: what an EVSE is in 2.x, a connector is here. */
function connectorOf({ evseId, connectorId }: Place): number | undefined {
  return evseId ?? connectorId;
}

function changeConfiguration(key: string, value: string): CommandMessage {
  return { action: "ChangeConfiguration", payload: { key, value }, accepted: ["Accepted", "RebootRequired"] };
}

/**
 * A password as AuthorizationKey: its bytes in hexadecimal digits, 16 to 20 of them (security whitepaper §7.2). What is
 * given in such digits already goes as it is.
 */
function authorizationKey(password: string): string {
  if (/^(?:[0-9A-Fa-f]{2}){16,20}$/.test(password)) return password;
  const bytes = Buffer.from(password, "utf8");
  if (bytes.length < 16 || bytes.length > 20) {
    throw new InvalidRequestError(
      "A password of OCPP 1.6 has 16 to 20 bytes, or 32 to 40 hexadecimal digits that stand for them",
    );
  }
  return bytes.toString("hex");
}

/** The names of 2.x for what 1.6 calls otherwise. */
const triggers: Readonly<Record<string, string>> = {
  LogStatusNotification: "DiagnosticsStatusNotification",
  SignChargingStationCertificate: "SignChargePointCertificate",
};

/** The operations as messages of OCPP 1.6. */
export const commands16: VersionCommands = {
  remoteStart: ({ idToken }, { evseId, chargingProfile }) => ({
    action: "RemoteStartTransaction",
    payload: given({ connectorId: evseId, idTag: idToken, chargingProfile }),
    accepted: ["Accepted"],
  }),
  remoteStop: (transactionId) => {
    if (!/^-?\d{1,15}$/.test(transactionId)) {
      throw new InvalidRequestError("The transaction id of an OCPP 1.6 station is a whole number");
    }
    return {
      action: "RemoteStopTransaction",
      payload: { transactionId: Number(transactionId) },
      accepted: ["Accepted"],
    };
  },
  reset: (type, evseId) => {
    if (evseId !== undefined) throw new InvalidRequestError("An OCPP 1.6 station can only be reset as a whole");
    return { action: "Reset", payload: { type }, accepted: ["Accepted"] };
  },
  unlockConnector: (evseId) => ({
    action: "UnlockConnector",
    payload: { connectorId: evseId },
    accepted: ["Unlocked"],
  }),
  readConfiguration: (keys) => ({
    action: "GetConfiguration",
    payload: keys.length === 0 ? {} : { key: keys },
    accepted: ["Accepted"],
    status: () => "Accepted",
  }),
  joinReads: undefined,
  changeConfiguration,
  triggerMessage: (requestedMessage, where) => {
    const requested = triggers[requestedMessage] ?? requestedMessage;
    return {
      action: requested === "SignChargePointCertificate" ? "ExtendedTriggerMessage" : "TriggerMessage",
      payload: given({ requestedMessage: requested, connectorId: connectorOf(where) }),
      accepted: ["Accepted"],
    };
  },
  changeAvailability: (type, where) => ({
    action: "ChangeAvailability",
    payload: { connectorId: connectorOf(where) ?? 0, type },
    accepted: ["Accepted", "Scheduled"],
  }),
  reserveNow: ({ idToken, groupId: knownGroup }, { reservationId, groupId, evseId, connectorType, expiresAt }) => {
    if (connectorType !== undefined)
      throw new InvalidRequestError("OCPP 1.6 reserves connectors by number, not by type");
    return {
      action: "ReserveNow",
      payload: given({
        connectorId: evseId ?? 0,
        expiryDate: new Date(expiresAt).toISOString(),
        idTag: idToken,
        parentIdTag: groupId ?? knownGroup,
        reservationId,
      }),
      accepted: ["Accepted"],
    };
  },
  transactionStatus: () => {
    throw new InvalidRequestError("OCPP 1.6 has no GetTransactionStatus");
  },
  changePassword: (password) => changeConfiguration("AuthorizationKey", authorizationKey(password)),
};
