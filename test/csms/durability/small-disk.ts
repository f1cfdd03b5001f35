import { execFileSync } from "node:child_process";
import { chownSync, closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk with little room, which a test fills up. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves no room on it. */
  fill(): void;
  /** Makes room again. */
  free(): void;
  remove(): void;
}

/** Makes a folder readable and writable for another user of the machine. */
export function giveTo(user: string, folder: string): void {
  const id = (flag: string): number => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  chownSync(folder, id("-u"), id("-g"));
}

/** Mounts a disk in memory of so many megabytes. Throws where this process may not mount. */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "ocpp-small-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  const filler = join(folder, "filler");
  return {
    folder,
    fill: () => {
      const file = openSync(filler, "w");
      let size = 1 << 20;
      while (size >= 4_096) {
        try {
          writeSync(file, Buffer.alloc(size));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
          size >>= 1;
        }
      }
      closeSync(file);
    },
    free: () => rmSync(filler),
    remove: () => {
      // Lazily: whoever still has a file open there loses it when it closes it.
      execFileSync("umount", ["-l", folder], { stdio: "pipe" });
      rmdirSync(folder);
    },
  };
}

/** Why no small disk can be made here; undefined where one can. */
export function smallDiskMissing(): string | undefined {
  try {
    mountSmallDisk(1).remove();
    return undefined;
  } catch {
    return "this process may not mount a disk in memory: run as root";
  }
}
