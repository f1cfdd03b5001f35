import { type Message, messagesOf, type Schema, type Version } from "./schema.ts";

/** Where the 1.6 schemas, which give bodies no names, have those that the specification names. */
const inline: Readonly<Record<string, readonly [message: string, ...steps: string[]]>> = {
  AuthorizationData: ["SendLocalListRequest", "localAuthorizationList"],
  ChargingProfile: ["SetChargingProfileRequest", "csChargingProfiles"],
  ChargingSchedule: ["GetCompositeScheduleResponse", "chargingSchedule"],
  ChargingSchedulePeriod: ["GetCompositeScheduleResponse", "chargingSchedule", "chargingSchedulePeriod"],
  IdTagInfo: ["AuthorizeResponse", "idTagInfo"],
  KeyValue: ["GetConfigurationResponse", "configurationKey"],
  MeterValue: ["MeterValuesRequest", "meterValue"],
  SampledValue: ["MeterValuesRequest", "meterValue", "sampledValue"],
};

/** The objects that messages of a version share, each with a schema of its own, by the names that the packages give them. */
export function sharedTypesOf(version: Version): Message[] {
  const messages = messagesOf(version);
  const types = new Map<string, Schema>();
  for (const { schema } of messages) {
    const { definitions = {} } = schema;
    for (const [name, definition] of Object.entries(definitions)) {
      if (definition.type === "object") types.set(name.replace(/Type$/, ""), { ...definition, definitions });
    }
  }
  if (version === "1.6") {
    for (const [name, [message, ...steps]] of Object.entries(inline)) {
      let schema = messages.find((candidate) => candidate.name === message)?.schema;
      for (const step of steps) {
        const property: Schema | undefined = schema?.properties?.[step];
        schema = property?.items ?? property;
      }
      if (schema !== undefined) types.set(name, schema);
    }
  }
  return [...types].map(([name, schema]) => ({ version, name, schema }));
}
