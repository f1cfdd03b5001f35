/** How many items one message to a station may hold, by the action; what the station has not reported is missing. */
export type MessageLimits = { readonly [action in LimitedAction]?: number | undefined };

/** An action with a list that stations of 2.x bound. */
type LimitedAction =
  | "ClearVariableMonitoring"
  | "GetReport"
  | "GetVariables"
  | "SendLocalList"
  | "SetVariableMonitoring"
  | "SetVariables";

/** A variable ItemsPerMessage of the device model, and the list of the message that it bounds. */
interface Limit {
  readonly action: LimitedAction;
  readonly component: string;
  /** Its instance; undefined where the component has one only. */
  readonly instance: string | undefined;
  readonly list: string;
}

/** The variables ItemsPerMessage (OCPP 2.0.1 part 2 appendices, section 3: B05.FR.11, B06.FR.05, B08.FR.06, N04.FR.09, D01.FR.11). */
const limits: readonly Limit[] = [
  { action: "GetReport", component: "DeviceDataCtrlr", instance: "GetReport", list: "componentVariable" },
  { action: "GetVariables", component: "DeviceDataCtrlr", instance: "GetVariables", list: "getVariableData" },
  { action: "SetVariables", component: "DeviceDataCtrlr", instance: "SetVariables", list: "setVariableData" },
  {
    action: "SetVariableMonitoring",
    component: "MonitoringCtrlr",
    instance: "SetVariableMonitoring",
    list: "setMonitoringData",
  },
  { action: "ClearVariableMonitoring", component: "MonitoringCtrlr", instance: "ClearVariableMonitoring", list: "id" },
  { action: "SendLocalList", component: "LocalAuthListCtrlr", instance: undefined, list: "localAuthorizationList" },
];

/** A variable and its value, as reports and responses to GetVariables have it. */
interface ReportedVariable {
  readonly component: { readonly name: string };
  readonly variable: { readonly name: string; readonly instance?: string | undefined };
  readonly value: string | undefined;
}

/** The part of NotifyReport that is read. */
export interface ReportedData {
  readonly component: { readonly name: string };
  readonly variable: { readonly name: string; readonly instance?: string | undefined };
  readonly variableAttribute: readonly { readonly type?: string | undefined; readonly value?: string | undefined }[];
}

function limitsOf(variables: readonly ReportedVariable[]): MessageLimits {
  const found: { [action in LimitedAction]?: number } = {};
  for (const { component, variable, value = "" } of variables) {
    if (variable.name !== "ItemsPerMessage" || !/^[1-9]\d{0,5}$/.test(value)) continue;
    const limit = limits.find((one) => one.component === component.name && one.instance === variable.instance);
    if (limit !== undefined) found[limit.action] = Number(value);
  }
  return found;
}

/** The limits in a report (NotifyReport). */
export function limitsInReport(reportData: readonly ReportedData[]): MessageLimits {
  return limitsOf(
    reportData.map(({ component, variable, variableAttribute }) => ({
      component,
      variable,
      value: variableAttribute.find(({ type = "Actual" }) => type === "Actual")?.value,
    })),
  );
}

/** The limits in a response to GetVariables. */
export function limitsInVariables(response: unknown): MessageLimits {
  const { getVariableResult = [] } = response as {
    readonly getVariableResult?: readonly (Omit<ReportedVariable, "value"> & {
      readonly attributeStatus: string;
      readonly attributeType?: string | undefined;
      readonly attributeValue?: string | undefined;
    })[];
  };
  return limitsOf(
    getVariableResult
      .filter(
        ({ attributeStatus, attributeType = "Actual" }) => attributeStatus === "Accepted" && attributeType === "Actual",
      )
      .map(({ attributeValue, ...named }) => ({ ...named, value: attributeValue })),
  );
}

/** The limits as the row of a station holds them. */
export function readLimits(text: string | null): MessageLimits {
  return text === null ? {} : (JSON.parse(text) as MessageLimits);
}

/** Which limit a payload exceeds, as a sentence; undefined where it exceeds none. */
export function exceededLimit(own: MessageLimits, action: string, payload: unknown): string | undefined {
  const limit = limits.find((one) => one.action === action);
  const most = limit === undefined ? undefined : own[limit.action];
  if (limit === undefined || most === undefined) return undefined;
  const list = (payload as Readonly<Record<string, unknown>>)[limit.list];
  if (!Array.isArray(list) || list.length <= most) return undefined;
  const name = limit.instance === undefined ? "ItemsPerMessage" : `ItemsPerMessage[${limit.instance}]`;
  return `${limit.list}: the station takes ${most} items in a message (${limit.component}.${name}), these are ${list.length}`;
}
