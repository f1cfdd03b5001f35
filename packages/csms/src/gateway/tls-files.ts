import { readFile } from "node:fs/promises";
import type { TlsOptions } from "@ocpp/websocket/server";
import type { Configuration } from "../config/configuration.ts";

async function read(files: readonly string[]): Promise<Buffer[]> {
  return Promise.all(
    files.map(async (file) => {
      try {
        return await readFile(file);
      } catch (cause) {
        throw new Error(`The file ${file} of webSocket.tls cannot be read`, { cause });
      }
    }),
  );
}

/** Reads the certificates, keys and authorities. Rejects with an Error that names the file which cannot be read. */
export async function readTls({ cert, key, ca }: Configuration["webSocket"]["tls"]): Promise<TlsOptions> {
  const [certs, keys, authorities] = await Promise.all([read(cert), read(key), read(ca)]);
  return { cert: certs, key: keys, ...(authorities.length === 0 ? {} : { ca: authorities }) };
}
