import type { OperationResult } from "../../../commands/operations.ts";
import { InvalidRequestError } from "../../../shared/service-error.ts";
import { longestPassword } from "../../../stations/password-changes.ts";
import { type CommandMessage, given, type Place, type VersionCommands } from "../version-commands.ts";

/** The part of the responses to GetVariables and SetVariables that is read. */
interface VariableResults {
  readonly getVariableResult?: readonly { readonly attributeStatus: string }[];
  readonly setVariableResult?: readonly { readonly attributeStatus: string }[];
}

/** Joins the answers to one question that took several GetVariables; some are given. */
function joinVariables(results: readonly OperationResult[]): OperationResult {
  const [first] = results;
  if (first === undefined) throw new RangeError("There is nothing to join");
  const getVariableResult = results.flatMap(({ response }) => (response as VariableResults).getVariableResult ?? []);
  const told = results.find(({ accepted }) => accepted) ?? first;
  return { ...told, response: { getVariableResult } };
}

/** A component and a variable, written as `Component.Variable`. */
function variableOf(key: string): { component: { name: string }; variable: { name: string } } {
  const [, component, variable] = /^([^.]{1,50})\.(.{1,50})$/s.exec(key) ?? [];
  if (component === undefined || variable === undefined) {
    throw new InvalidRequestError(
      `${JSON.stringify(key.slice(0, 110))} names no variable of OCPP 2.x: write Component.Variable, such as OCPPCommCtrlr.OfflineThreshold`,
    );
  }
  return { component: { name: component }, variable: { name: variable } };
}

/** An EVSE, with its connector where one is meant; undefined for the whole station. */
function evseOf({ evseId, connectorId }: Place): { id: number; connectorId?: number } | undefined {
  const id = evseId ?? connectorId;
  if (id === undefined || id === 0) return undefined;
  return evseId === undefined || connectorId === undefined || connectorId === 0 ? { id } : { id, connectorId };
}

function setVariable(key: string, value: string): CommandMessage {
  return {
    action: "SetVariables",
    payload: { setVariableData: [{ attributeValue: value, ...variableOf(key) }] },
    accepted: ["Accepted", "RebootRequired"],
    status: (response) => (response as VariableResults).setVariableResult?.[0]?.attributeStatus ?? "Unknown",
  };
}

/** The names of 1.6 for what 2.x calls otherwise. */
const triggers: Readonly<Record<string, string>> = {
  DiagnosticsStatusNotification: "LogStatusNotification",
  SignChargePointCertificate: "SignChargingStationCertificate",
};

function groupIdToken(groupId: string | undefined): { idToken: string; type: "Central" } | undefined {
  return groupId === undefined ? undefined : { idToken: groupId, type: "Central" };
}

/** The operations as messages of OCPP 2.0.1 and 2.1. */
export const commands2x: VersionCommands = {
  remoteStart: ({ idToken, type, groupId }, { remoteStartId, evseId, chargingProfile }) => ({
    action: "RequestStartTransaction",
    payload: given({
      idToken: { idToken, type },
      remoteStartId,
      evseId,
      groupIdToken: groupIdToken(groupId),
      chargingProfile,
    }),
    accepted: ["Accepted"],
  }),
  remoteStop: (transactionId) => ({
    action: "RequestStopTransaction",
    payload: { transactionId },
    accepted: ["Accepted"],
  }),
  reset: (type, evseId) => ({
    action: "Reset",
    payload: given({ type: type === "Hard" ? "Immediate" : "OnIdle", evseId }),
    accepted: ["Accepted", "Scheduled"],
  }),
  unlockConnector: (evseId, connectorId) => ({
    action: "UnlockConnector",
    payload: { evseId, connectorId },
    accepted: ["Unlocked"],
  }),
  readConfiguration: (keys) => {
    if (keys.length === 0) throw new InvalidRequestError("OCPP 2.x reads variables by their names: give some");
    return {
      action: "GetVariables",
      payload: { getVariableData: keys.map(variableOf) },
      accepted: ["Accepted"],
      status: (response) => {
        const statuses =
          (response as VariableResults).getVariableResult?.map(({ attributeStatus }) => attributeStatus) ?? [];
        return statuses.includes("Accepted") ? "Accepted" : (statuses[0] ?? "Unknown");
      },
    };
  },
  joinReads: joinVariables,
  changeConfiguration: setVariable,
  triggerMessage: (requestedMessage, where) => {
    const requested = triggers[requestedMessage] ?? requestedMessage;
    const evse = evseOf(where);
    // Only a StatusNotification is of a connector, and always of one (F06.FR.13).
    const of = evse === undefined || requested === "StatusNotification" ? evse : { id: evse.id };
    return {
      action: "TriggerMessage",
      payload: given({
        requestedMessage: requested,
        evse: of !== undefined && requested === "StatusNotification" ? { connectorId: 1, ...of } : of,
      }),
      accepted: ["Accepted"],
    };
  },
  changeAvailability: (type, where) => ({
    action: "ChangeAvailability",
    payload: given({ operationalStatus: type, evse: evseOf(where) }),
    accepted: ["Accepted", "Scheduled"],
  }),
  reserveNow: (
    { idToken, type, groupId: knownGroup },
    { reservationId, groupId, evseId, connectorType, expiresAt },
  ) => ({
    action: "ReserveNow",
    payload: given({
      id: reservationId,
      expiryDateTime: new Date(expiresAt).toISOString(),
      idToken: { idToken, type },
      evseId,
      connectorType,
      groupIdToken: groupIdToken(groupId ?? knownGroup),
    }),
    accepted: ["Accepted"],
  }),
  transactionStatus: (transactionId) => ({
    action: "GetTransactionStatus",
    payload: given({ transactionId }),
    accepted: ["Accepted"],
    status: () => "Accepted",
  }),
  changePassword: (password, limit) => {
    // What every station takes, unless it has said how much it takes (A00.FR.205).
    const most = Math.min(limit ?? 40, longestPassword);
    if (!/^[\x20-\x7e]{16,}$/.test(password) || password.length > most) {
      throw new InvalidRequestError(
        `A password of OCPP 2.x has 16 to ${most} printable characters here: ${
          limit === null ? "the station has not reported that it takes more" : `the station takes ${limit}`
        }`,
      );
    }
    return setVariable("SecurityCtrlr.BasicAuthPassword", password);
  },
};
