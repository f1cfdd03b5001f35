import type { SettingValues, SomeSettingValues } from "./setting.ts";
import type { settings } from "./settings.ts";

/**
 * Everything that can be set, with what it is set to; checked, and the same for as long as the process runs. Times are in
 * seconds, sizes in bytes, retention in days; paths are absolute. `settings` says what each value does.
 */
export interface Configuration extends SettingValues<typeof settings> {}

/** Some of the settings, in the shape of a configuration file. */
export interface SomeConfiguration extends SomeSettingValues<typeof settings> {}
