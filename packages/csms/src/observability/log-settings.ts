/** What is logged, and where to; the part `log` of the configuration. */
export interface LogSettings {
  /** The least level that is logged: trace, debug, info, warn, error, fatal or silent. */
  readonly level: string;
  /** Levels of single parts by their names. */
  readonly levels: Readonly<Record<string, string>>;
  /** The folder for files; standard output where it is null. */
  readonly folder: string | null;
  /** When a new file is begun, besides when one is full. */
  readonly rotation: "size" | "hourly" | "daily";
  /** In bytes. */
  readonly maxSize: number;
  readonly maxFiles: number;
  /** In bytes, for all files together; 0 for what `maxSize` and `maxFiles` allow. */
  readonly maxDiskUsage: number;
  /** Lines for people in place of JSON, on standard output. */
  readonly pretty: boolean;
}
