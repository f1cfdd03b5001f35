/** The levels of the log, from the most talkative to silence. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** A station that the configuration names, so that it need not be entered by REST. */
export interface PredefinedStation {
  readonly identity: string;
  /** The password of Basic authentication; null where the station has none or it is set otherwise. */
  readonly password: string | null;
  /** Seconds; null for the interval of all stations. */
  readonly heartbeatInterval: number | null;
  /** The least security profile that it may connect with; null for the least that is served. */
  readonly securityProfile: 0 | 1 | 2 | 3 | null;
  readonly registration: "Accepted" | "Pending" | "Rejected";
  /** The serial number that its client certificate names; null where it is not known yet. */
  readonly serialNumber: string | null;
  /** Whether it is served as if a BootNotification of it had been accepted, so that it need not boot first. */
  readonly booted: boolean;
}

/** An id token that the configuration names, so that it need not be entered by REST. */
export interface PredefinedToken {
  readonly token: string;
  /** The IdTokenEnumType of 2.x; null where it may be any. */
  readonly type: string | null;
  readonly status: "Accepted" | "Blocked" | "Expired" | "Invalid";
  /** Milliseconds since 1970; null for never. */
  readonly expiresAt: number | null;
  readonly groupId: string | null;
  /** How many transactions may run with it at once; null for any number. */
  readonly maxActive: number | null;
  /** Where it may charge; null for everywhere. */
  readonly restrictedTo:
    | readonly { readonly stationId: string; readonly evseId?: number; readonly connectorId?: number }[]
    | null;
  readonly note: string | null;
}

/** A plug-in to load: the module's name or path, and what it is given. */
export interface PluginEntry {
  readonly module: string;
  readonly options: unknown;
}

/** What all settings have. Pure data, so that types, parsing, help and documentation come from one table. */
interface Described {
  /** One sentence, or two, on what it does. */
  readonly doc: string;
  /** Names of environment variables that it goes by besides the one that follows from its path; the first is shown. */
  readonly env?: readonly string[];
  /** A shorter name of its flag besides the one that follows from its path. */
  readonly flag?: string;
  /** Whether the value is to be masked wherever it is shown. */
  readonly secret?: boolean;
}

/** A number; `min` and `max` are included. */
export interface NumberSetting extends Described {
  readonly type: "integer" | "seconds" | "size";
  readonly default: number | null;
  readonly min?: number;
  readonly max?: number;
  /** What it counts, such as `days`. */
  readonly unit?: string;
}

/** A text. */
export interface TextSetting extends Described {
  readonly type: "text" | "path" | "address" | "prefix";
  readonly default: string | null;
  /** The least number of characters. */
  readonly min?: number;
}

/** On or off. */
export interface FlagSetting extends Described {
  readonly type: "flag";
  readonly default: boolean;
}

/** One of several. */
export interface ChoiceSetting extends Described {
  readonly type: "choice";
  readonly values: readonly (string | number)[];
  readonly default: string | number;
}

/** Some of several. */
export interface ChoicesSetting extends Described {
  readonly type: "choices";
  readonly values: readonly (string | number)[];
  readonly default: readonly (string | number)[];
}

/** A list of texts. */
export interface ListSetting extends Described {
  readonly type: "paths" | "subnets" | "origins";
  readonly default: readonly string[];
}

/** Things with a shape of their own, which only a file can say in full. */
export interface StructureSetting extends Described {
  readonly type: "levels" | "stations" | "tokens" | "plugins";
  readonly default: object;
}

/** One setting: what type of value it takes, which it has unless specified otherwise, and what it is for. */
export type Setting =
  | NumberSetting
  | TextSetting
  | FlagSetting
  | ChoiceSetting
  | ChoicesSetting
  | ListSetting
  | StructureSetting;

/** Settings in groups; the path of a setting is its name in a file. */
export interface SettingGroup {
  readonly [name: string]: Setting | SettingGroup;
}

/** Values by type, for those whose type says it all. */
interface PlainValues {
  integer: number;
  seconds: number;
  size: number;
  text: string;
  path: string;
  address: string;
  prefix: string;
  flag: boolean;
  paths: readonly string[];
  subnets: readonly string[];
  origins: readonly string[];
  levels: Readonly<Record<string, LogLevel>>;
  stations: readonly PredefinedStation[];
  tokens: readonly PredefinedToken[];
  plugins: readonly PluginEntry[];
}

/** The value of a setting; with `null` where that is its default. */
export type SettingValue<S> =
  | (S extends { readonly default: null } ? null : never)
  | (S extends { readonly type: "choice"; readonly values: readonly (infer V)[] }
      ? V
      : S extends { readonly type: "choices"; readonly values: readonly (infer V)[] }
        ? readonly V[]
        : S extends { readonly type: infer T extends keyof PlainValues }
          ? PlainValues[T]
          : never);

/** The values of a group of settings. */
export type SettingValues<G> = {
  readonly [K in keyof G]: G[K] extends { readonly type: string } ? SettingValue<G[K]> : SettingValues<G[K]>;
};

/** Some of the values of a group of settings, as one writes them in a program. */
export type SomeSettingValues<G> = {
  readonly [K in keyof G]?:
    | (G[K] extends { readonly type: string } ? SettingValue<G[K]> : SomeSettingValues<G[K]>)
    | undefined;
};
