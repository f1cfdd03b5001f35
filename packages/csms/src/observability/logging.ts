import { type Clock, systemClock } from "@ocpp/core";
import { type Logger, pino, stdSerializers } from "pino";
import type { LogOutput } from "./log-output.ts";
import type { LogSettings } from "./log-settings.ts";
import { createRepeatedErrors, type RepeatedErrors } from "./repeated-errors.ts";
import { escapeActing, maskText } from "./text-mask.ts";

/**
 * Where one part of the CSMS writes what happens. The fields are data for machines, such as `{ stationId }`; the text is one
 * sentence for people. Secrets and payloads belong into neither; what looks like a secret is masked all the same.
 */
export interface Log {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  /**
   * Writes an error. One that comes again within a minute, alike but for the station or message that it is about, is counted
   * instead, and the count is written once a minute.
   */
  error(fields: object, text: string): void;
  /** The same log for a part, such as `gateway`, whose level can be set by its name. */
  part(name: string): Log;
}

/** A log with its end. */
export interface OpenLog extends Log {
  /** Writes the counts of repeated errors that are held back. To be called before its output is closed. */
  close(): void;
}

/** What a log is made with. */
export interface LogOptions {
  readonly settings: Pick<LogSettings, "level" | "levels">;
  /** The name of the system, which every line carries. */
  readonly systemName: string;
  /** Opened by `openLogOutput`, and to be closed by the caller. */
  readonly output: Pick<LogOutput, "write">;
  /** What repeated errors are counted by; the clock of the machine unless given. */
  readonly clock?: Clock | undefined;
}

/** Fields that are never written, wherever they come from. */
const secretFields: readonly string[] = ["password", "authorization", "apiKey", "key", "secret", "cookie", "payload"];

function wrap(logger: Logger, levels: LogSettings["levels"], repeated: RepeatedErrors, part: string): Log {
  return {
    debug: (fields, text) => logger.debug(fields, text),
    info: (fields, text) => logger.info(fields, text),
    warn: (fields, text) => logger.warn(fields, text),
    error: (fields, text) => {
      const first = repeated.admit(part, fields, text, (summary) => {
        logger.error({ ...fields, ...summary }, `${text} (repeated)`);
      });
      if (first) logger.error(fields, text);
    },
    part: (name) => {
      const level = Object.hasOwn(levels, name) ? levels[name] : undefined;
      return wrap(logger.child({ part: name }, level === undefined ? {} : { level }), levels, repeated, name);
    },
  };
}

/**
 * Makes a log: a line of JSON for each thing that happens, with its level, time, part and fields. Nothing that a station
 * sends can begin a line, or make a terminal act.
 */
export function createLog({ settings, systemName, output, clock = systemClock }: LogOptions): OpenLog {
  const logger = pino(
    {
      level: settings.level,
      base: { system: systemName },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: stdSerializers.err },
      redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: "***" },
      hooks: { streamWrite: (line) => escapeActing(maskText(line)) },
    },
    output,
  );
  const repeated = createRepeatedErrors(clock);
  return { ...wrap(logger, settings.levels, repeated, ""), close: () => repeated.close() };
}
