import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP } from "node:net";

/**
 * Which proxies are believed when they tell whom they speak for (X-Forwarded-For, X-Forwarded-Proto): addresses and
 * subnets such as `10.0.0.0/8`, or a function. Whoever is trusted can claim any address, and that a connection is
 * encrypted.
 */
export type TrustProxy = readonly string[] | ((address: string) => boolean);

/** Where a connection comes from. */
export interface Origin {
  readonly address: string;
  readonly secure: boolean;
}

/** Writes an IPv4 address as such, also where the socket is one of IPv6. */
export function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}

/** Settles a `trustProxy` option. Throws a TypeError for an entry that is no address and no subnet. */
export function proxyTest(trust: TrustProxy | undefined): (address: string) => boolean {
  if (trust === undefined) return () => false;
  if (typeof trust === "function") return trust;
  const trusted = new BlockList();
  for (const entry of trust) {
    const [address = "", bits] = entry.split("/");
    const version = isIP(address);
    if (version === 0) throw new TypeError(`trustProxy: ${JSON.stringify(entry)} is no address and no subnet`);
    trusted.addSubnet(
      address,
      bits === undefined ? (version === 4 ? 32 : 128) : Number(bits),
      `ipv${version === 4 ? 4 : 6}`,
    );
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && trusted.check(address, version === 4 ? "ipv4" : "ipv6");
  };
}

function listed(header: string | string[] | undefined): readonly string[] {
  return String(header ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/**
 * The address of the station and whether it speaks TLS. Behind a trusted proxy the address is the last one of
 * X-Forwarded-For that is no trusted proxy itself, and TLS is what the proxy, not its client, wrote in X-Forwarded-Proto.
 */
export function originOf(
  direct: Origin,
  headers: IncomingHttpHeaders,
  isTrusted: (address: string) => boolean,
): Origin {
  if (!isTrusted(direct.address)) return direct;
  const chain = listed(headers["x-forwarded-for"]).map(plainAddress);
  const outside = chain.findLast((address) => !isTrusted(address)) ?? chain[0] ?? direct.address;
  const scheme = listed(headers["x-forwarded-proto"]).at(-1)?.toLowerCase();
  return {
    address: isIP(outside) === 0 ? direct.address : outside,
    secure: scheme === undefined ? direct.secure : scheme === "https" || scheme === "wss",
  };
}
