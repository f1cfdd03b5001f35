/* What the specifications ask of commands beyond their schemas, as far as the payload alone shows it. */

interface SentProfile {
  readonly chargingProfilePurpose: string;
  readonly chargingProfileKind: string;
  readonly recurrencyKind?: string;
  readonly transactionId?: unknown;
  readonly chargingSchedule: SentSchedule | readonly SentSchedule[];
}

interface SentSchedule {
  readonly chargingSchedulePeriod?: readonly { readonly startPeriod: number }[];
}

interface SentVariable {
  readonly component: { readonly name: string; readonly instance?: string; readonly evse?: SentEvse };
  readonly variable: { readonly name: string; readonly instance?: string };
  readonly attributeType?: string;
}

interface SentEvse {
  readonly id: number;
  readonly connectorId?: number;
}

/** The parts of the payloads that the rules are about, under their names in all versions. */
interface Parts {
  readonly chargingProfile?: SentProfile;
  readonly csChargingProfiles?: SentProfile;
  readonly setVariableData?: readonly SentVariable[];
}

/** Errata 3.45, 3.56 and 3.69 of 1.6, which hold in 2.x as well. */
function faultOfProfile({ chargingProfileKind, recurrencyKind, chargingSchedule }: SentProfile): string | undefined {
  if (recurrencyKind !== undefined && chargingProfileKind !== "Recurring") {
    return "recurrencyKind stands in Recurring charging profiles only";
  }
  for (const { chargingSchedulePeriod = [] } of [chargingSchedule].flat() as readonly SentSchedule[]) {
    const [first] = chargingSchedulePeriod;
    if (first !== undefined && first.startPeriod !== 0) return "The first period of a charging schedule starts at 0";
  }
  return undefined;
}

/** F01.FR.09, F01.FR.11, F02.FR.17 and F02.FR.19; 1.6 §5.11, errata 3.41 and 3.67. */
function faultOfStart({ chargingProfilePurpose, transactionId }: SentProfile): string | undefined {
  if (chargingProfilePurpose !== "TxProfile") return "The charging profile of a remote start is a TxProfile";
  if (transactionId === undefined) return undefined;
  return "The charging profile of a remote start has no transactionId: there is no transaction yet";
}

/** B05.FR.13. Names of the device model are compared without regard to case, and Actual is what is left out. */
function faultOfVariables(data: readonly SentVariable[]): string | undefined {
  const named = new Set<string>();
  for (const { component, variable, attributeType = "Actual" } of data) {
    const { evse } = component;
    const parts = [component.name, component.instance, evse?.id, evse?.connectorId, variable.name, variable.instance];
    const key = JSON.stringify([...parts, attributeType]).toLowerCase();
    if (named.has(key)) return `${component.name}.${variable.name} is set twice in one request`;
    named.add(key);
  }
  return undefined;
}

/** Which rule a payload breaks, as a sentence; undefined where it breaks none. The payload fits its schema. */
export function brokenRule(action: string, payload: unknown): string | undefined {
  const { chargingProfile, csChargingProfiles, setVariableData } = payload as Parts;
  switch (action) {
    case "RemoteStartTransaction":
    case "RequestStartTransaction":
      return chargingProfile && (faultOfStart(chargingProfile) ?? faultOfProfile(chargingProfile));
    case "SetChargingProfile": {
      const profile = chargingProfile ?? csChargingProfiles;
      return profile && faultOfProfile(profile);
    }
    case "SetVariables":
      return setVariableData && faultOfVariables(setVariableData);
    default:
      return undefined;
  }
}
