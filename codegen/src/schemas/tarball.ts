import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";

const block = 512;
const limit = 64 * 1024 * 1024;

/** Throws unless the bytes have the hash, written as npm writes it (`sha512-` and base64). */
export function checkIntegrity(bytes: Uint8Array, integrity: string, name: string): void {
  const actual = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  if (actual !== integrity) throw new Error(`${name}: integrity is ${actual}, expected ${integrity}`);
}

/** Takes one file out of a gzipped tar archive. */
export function fileOf(tarball: Uint8Array, path: string): string {
  const bytes = gunzipSync(tarball, { maxOutputLength: limit });
  const text = (from: number, length: number): string => {
    const field = bytes.subarray(from, from + length);
    const end = field.indexOf(0);
    return field.subarray(0, end < 0 ? length : end).toString("utf8");
  };
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
    const prefix = text(at + 345, 155);
    const name = prefix === "" ? text(at, 100) : `${prefix}/${text(at, 100)}`;
    const size = Number.parseInt(text(at + 124, 12).trim(), 8);
    if (!Number.isSafeInteger(size)) throw new Error(`broken tar header at byte ${at}`);
    if (name === path) return bytes.subarray(at + block, at + block + size).toString("utf8");
    at += block + Math.ceil(size / block) * block;
  }
  throw new Error(`${path}: not in the tarball`);
}
