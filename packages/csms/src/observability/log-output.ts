import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { LogSettings } from "./log-settings.ts";
import { prettyLine } from "./pretty-line.ts";

/** Where the lines of the log go. */
export interface LogOutput {
  write(line: string): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** What waits to be written to a file may be so many bytes long; beyond that, as with a full disk, lines are lost. */
const mostWaiting = 16_777_216;

function standardOutput(pretty: boolean): LogOutput {
  return {
    write: (line) => {
      process.stdout.write(pretty ? prettyLine(line) : line);
    },
    close: () => new Promise((resolve) => process.stdout.write("", () => resolve())),
  };
}

/**
 * The size of a single file, in bytes, so that all of them together stay within both `maxSize` times `maxFiles` and
 * `maxDiskUsage`.
 */
export function fileSize({ maxSize, maxFiles, maxDiskUsage }: LogSettings): number {
  return maxDiskUsage === 0 ? maxSize : Math.max(1, Math.min(maxSize, Math.floor(maxDiskUsage / maxFiles)));
}

/** How the names of log files begin and end. */
const fileName = "ocpp-csms";
const extension = ".log";

/** The rights of a file that only its owner may read: a log names people and places. */
const ownerOnly = 0o600;

/** Takes the rights of others from log files that an earlier version, or somebody, has left with more. */
async function tighten(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  const own = names.filter((name) => name.startsWith(fileName) && name.endsWith(extension));
  await Promise.allSettled(own.map((name) => chmod(join(folder, name), ownerOnly)));
}

async function files(settings: LogSettings, folder: string): Promise<LogOutput> {
  const { rotation, maxFiles } = settings;
  const { default: openFile } = await import("pino-roll");
  await tighten(folder);
  const file = await openFile({
    file: join(folder, fileName),
    extension,
    mode: ownerOnly,
    size: `${fileSize(settings)}b`,
    limit: { count: maxFiles, removeOtherLogFiles: true },
    mkdir: true,
    maxLength: mostWaiting,
    ...(rotation === "size"
      ? {}
      : { frequency: rotation, dateFormat: rotation === "hourly" ? "yyyy-MM-dd-HH" : "yyyy-MM-dd" }),
  });
  await new Promise<void>((resolve, reject) => {
    file.once("ready", resolve);
    file.once("error", (error) => {
      // A stream that was never opened does not close by itself, and pino-roll would go on to rotate it: at the next hour it
      // would fail where nothing listens, which ends the process.
      file.emit("close");
      reject(error);
    });
  });
  let failing = false;
  file.on("error", (error) => {
    // A log that cannot be written must not end the process. Once is enough to be told.
    if (!failing) process.stderr.write(`The log cannot be written to ${folder}: ${error.message}\n`);
    failing = true;
  });
  return {
    write: (line) => {
      file.write(line);
    },
    close: () =>
      new Promise((resolve) => {
        file.once("close", resolve);
        file.end();
      }),
  };
}

/**
 * Opens what the settings name: standard output, or files in a folder, of which the oldest are deleted. Rejects with an Error that
 * names the folder where it cannot be made or written to.
 */
export async function openLogOutput(settings: LogSettings): Promise<LogOutput> {
  const { folder } = settings;
  if (folder === null) return standardOutput(settings.pretty);
  try {
    return await files(settings, folder);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`log.folder: log files cannot be written to ${folder} (${why})`, { cause });
  }
}
