/** What an answer says of a new password: it is in force, it is not, or the station has yet to show. */
export type PasswordFate = "accepted" | "refused" | "open";

/** The part of SetVariables that matters here, as far as a payload that was checked by its schema has it. */
interface VariableEntry {
  readonly attributeType?: string | undefined;
  readonly attributeValue?: string | undefined;
  readonly attributeStatus?: string | undefined;
  readonly component: { readonly name: string };
  readonly variable: { readonly name: string };
}

/** The fields of the requests and responses that carry credentials. */
interface CredentialFields {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly status?: string | undefined;
  readonly setVariableData?: readonly VariableEntry[] | undefined;
  readonly setVariableResult?: readonly VariableEntry[] | undefined;
  readonly connectionData?:
    | { readonly basicAuthPassword?: string | undefined; readonly securityProfile?: number | undefined }
    | undefined;
}

function isPasswordVariable({ attributeType = "Actual", component, variable }: VariableEntry): boolean {
  return (
    component.name.toLowerCase() === "securityctrlr" &&
    variable.name.toLowerCase() === "basicauthpassword" &&
    attributeType === "Actual"
  );
}

/**
 * The password that a command hands to a station: AuthorizationKey of 1.6, BasicAuthPassword of 2.x, or that of a network
 * profile of 2.1. The payload must have been checked by its schema.
 */
export function passwordIn(action: string, payload: unknown): string | undefined {
  const { key, value, setVariableData, connectionData } = payload as CredentialFields;
  switch (action) {
    case "ChangeConfiguration":
      return key?.toLowerCase() === "authorizationkey" ? value : undefined;
    case "SetVariables":
      return setVariableData?.findLast(isPasswordVariable)?.attributeValue;
    case "SetNetworkProfile":
      return connectionData?.basicAuthPassword;
    default:
      return undefined;
  }
}

/** The part of NotifyReport that matters here. */
interface ReportFields {
  readonly reportData?:
    | readonly (Pick<VariableEntry, "component" | "variable"> & {
        readonly variableCharacteristics?: { readonly maxLimit?: number | undefined } | undefined;
      })[]
    | undefined;
}

/**
 * The most characters of a password that a station takes, where its report says so: maxLimit of BasicAuthPassword (A00.FR.205).
 * Undefined where the report has no limit of it that is above 0.
 */
export function passwordLimitIn({ reportData = [] }: ReportFields): number | undefined {
  const limit = reportData.findLast(isPasswordVariable)?.variableCharacteristics?.maxLimit;
  return limit !== undefined && limit >= 1 ? Math.floor(Math.min(limit, 1_000_000)) : undefined;
}

/**
 * What an answer says of the password that the command carried (A01.FR.03, A01.FR.04). It stays open where the station
 * must reboot first, or uses it only with another network profile.
 */
export function passwordFate(action: string, response: unknown): PasswordFate {
  const { status, setVariableResult } = response as CredentialFields;
  const answer = action === "SetVariables" ? setVariableResult?.findLast(isPasswordVariable)?.attributeStatus : status;
  if (answer === "RebootRequired") return "open";
  if (answer !== "Accepted") return "refused";
  return action === "SetNetworkProfile" ? "open" : "accepted";
}

/**
 * The security profile that a command tells a station to use, by SecurityProfile of 1.6 or a network profile of 2.x; of
 * commands that it accepted, this may raise what is demanded of it (A05.FR.07). Undefined where it names none of the four.
 */
export function securityProfileIn(action: string, payload: unknown): number | undefined {
  const { key, value, connectionData } = payload as CredentialFields;
  if (action === "SetNetworkProfile") return connectionData?.securityProfile;
  if (action !== "ChangeConfiguration" || key?.toLowerCase() !== "securityprofile") return undefined;
  return value !== undefined && /^[0-3]$/.test(value.trim()) ? Number(value) : undefined;
}
