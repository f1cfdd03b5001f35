import { describeViolation, type Protocol } from "@ocpp/core";
import { versionOf, versions } from "../ocpp/versions/versions.ts";
import { exceededLimit, type MessageLimits } from "../stations/message-limits.ts";
import { brokenRule } from "./rules.ts";

/** Whether a CSMS may send an action in a version. */
export function isSentByCsms(protocol: Protocol, action: string): boolean {
  if (!Object.hasOwn(protocol.actions, action)) return false;
  const from = protocol.actions[action]?.from;
  return from === "csms" || from === "both";
}

/** What is wrong with the payload of an action, as a sentence with the path; undefined where nothing is. */
export function checkPayload(protocol: Protocol, action: string, payload: unknown): string | undefined {
  const violation = protocol.actions[action]?.request(payload);
  return violation === undefined ? brokenRule(action, payload) : describeViolation(violation);
}

/** What is wrong with a command in one version. */
function problemIn(protocol: Protocol, action: string, payload: unknown): string | undefined {
  const name = JSON.stringify(action.slice(0, 50));
  if (!isSentByCsms(protocol, action)) return `${name} is no action that a CSMS sends in ${protocol.subprotocol}`;
  return checkPayload(protocol, action, payload);
}

/**
 * What is wrong with a command, as a sentence; undefined where nothing is. Without a known subprotocol, since the station
 * has never connected, it must be right in one of the versions at least. `limits`: those that the station has reported.
 */
export function checkCommand(
  subprotocol: string | null,
  action: string,
  payload: unknown,
  limits: MessageLimits = {},
): string | undefined {
  const version = versionOf(subprotocol);
  if (version !== undefined)
    return problemIn(version.protocol, action, payload) ?? exceededLimit(limits, action, payload);
  const knowing = versions.map(({ protocol }) => protocol).filter((one) => isSentByCsms(one, action));
  const [newest] = knowing;
  if (newest === undefined) {
    return `${JSON.stringify(action.slice(0, 50))} is no action that a CSMS sends in any version of OCPP`;
  }
  if (knowing.some((one) => checkPayload(one, action, payload) === undefined)) return undefined;
  return checkPayload(newest, action, payload);
}
