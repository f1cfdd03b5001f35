declare module "pino-roll" {
  /** What is needed of the stream that writes the files. */
  export interface RollingFile {
    write(line: string): boolean;
    end(): void;
    on(event: "error", listener: (error: Error) => void): unknown;
    once(event: "error", listener: (error: Error) => void): unknown;
    once(event: "close" | "ready", listener: () => void): unknown;
    emit(event: "close"): unknown;
  }

  /** When a new file is begun, and how many are kept. */
  export interface RollOptions {
    readonly file: string;
    readonly size?: string;
    readonly frequency?: "hourly" | "daily";
    readonly dateFormat?: string;
    readonly extension?: string;
    readonly limit?: { readonly count: number; readonly removeOtherLogFiles?: boolean };
    readonly mkdir?: boolean;
    /** The rights of each file that is made. */
    readonly mode?: number;
    /** The most bytes that wait to be written; what comes above is dropped. */
    readonly maxLength?: number;
  }

  /** Opens the file. */
  function build(options: RollOptions): Promise<RollingFile>;

  export { build as default };
}
