import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Log } from "../observability/logging.ts";
import { writeNewFile } from "../store/new-file.ts";

/** Where the key of the digests of passwords comes from. */
export interface PasswordKeyPlace {
  /** The key as the configuration gives it; null where it gives none. */
  readonly configured: string | null;
  /** The file with the key, made where there is none. */
  readonly file: string;
}

/** How many bytes a generated key has. */
const keyLength = 32;

/** The key that a text stands for; any text of the configuration makes 32 bytes. */
function keyOf(text: string): Buffer {
  return createHash("sha256").update("ocpp-csms password key\0").update(text).digest();
}

async function readKey(file: string): Promise<string> {
  const text = (await readFile(file, "utf8")).trim();
  if (text.length < keyLength) throw new Error(`${file} holds no key: at least ${keyLength} characters were expected`);
  return text;
}

/** Makes the file, for its owner alone. One that another process makes meanwhile is as good. */
async function makeKey(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const text = `${randomBytes(keyLength).toString("base64url")}\n`;
  await writeNewFile(file, (part) => writeFile(part, text, { mode: 0o600 })).catch(async (error: unknown) => {
    await stat(file).catch(() => {
      throw error;
    });
  });
}

async function isMissing(file: string): Promise<boolean> {
  try {
    await stat(file);
    return false;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return true;
    throw error;
  }
}

/**
 * The key of the digests by which passwords of stations are checked quickly, and which is never in the database: from the
 * configuration, else from its file, which is made where there is none. Undefined where there is no key to be had; then the
 * reason is logged, and passwords cost their slow check once in every run of the process.
 */
export async function openPasswordKey({ configured, file }: PasswordKeyPlace, log: Log): Promise<Buffer | undefined> {
  if (configured !== null) return keyOf(configured);
  try {
    if (await isMissing(file)) await makeKey(file);
    const key = keyOf(await readKey(file));
    const { mode } = await stat(file);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      log.warn({ file }, "Others than its owner can read the key of the stations' passwords: take the right from them");
    }
    return key;
  } catch (error) {
    log.warn(
      { file, error },
      "The key of the stations' passwords cannot be read or made, so each is checked slowly once after a restart: set stations.passwords.key, or make stations.passwords.keyFile accessible",
    );
    return undefined;
  }
}
