/** How messages are compressed (permessage-deflate, RFC 7692), for stations that ask for it. */
export interface CompressionOptions {
  /** Messages of fewer bytes leave as they are; 1,024 unless given. */
  readonly threshold?: number;
  /** How many messages are compressed or expanded at once in the whole process; 10 unless given. */
  readonly concurrency?: number;
  /** The level of zlib, 1 to 9; 3 unless given. */
  readonly level?: number;
}

/**
 * The options for `ws`; `false` where compression is off. No dictionary is kept from one message to the next, which would
 * leak between them and cost memory for each station. A station that does not ask costs nothing.
 */
export function deflateOptions(compression: boolean | CompressionOptions | undefined): object | false {
  if (compression === false) return false;
  const { threshold = 1_024, concurrency = 10, level = 3 } = typeof compression === "object" ? compression : {};
  return {
    serverNoContextTakeover: true,
    clientNoContextTakeover: true,
    threshold,
    concurrencyLimit: concurrency,
    zlibDeflateOptions: { level, memLevel: 6 },
  };
}
