import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** What a file with a database in it is. */
export type DatabaseFile = "sqlite" | "gzip" | "lines";

/** Tells by its first bytes what a file is. Rejects where it cannot be read. */
export async function kindOfFile(file: string): Promise<DatabaseFile> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    if (buffer.toString("latin1", 0, bytesRead) === "SQLite format 3\0") return "sqlite";
    return buffer[0] === 0x1f && buffer[1] === 0x8b ? "gzip" : "lines";
  } finally {
    await handle.close();
  }
}

/** The lines of a text file, or of standard input, unpacked where it is compressed. Rejects where it cannot be read. */
export async function* readLines(file: string | undefined): AsyncGenerator<string, void, undefined> {
  const gzip = file !== undefined && (await kindOfFile(file)) === "gzip";
  const raw: Readable = file === undefined ? process.stdin : createReadStream(file);
  const input: Readable = gzip ? raw.pipe(createGunzip()) : raw;
  const failure = new Promise<never>((_resolve, reject) => {
    raw.once("error", reject);
    input.once("error", reject);
  });
  // Whoever reads the lines hears of it by the race below; on its own it is nobody's.
  failure.catch(() => {});
  const lines = createInterface({ input, crlfDelay: Infinity })[Symbol.asyncIterator]();
  for (;;) {
    const line = await Promise.race([lines.next(), failure]);
    if (line.done === true) return;
    yield line.value;
  }
}
