import { BlockList, isIP } from "node:net";

/** Which addresses webhooks may post to. */
export interface WebhookAddresses {
  /**
   * What kind of address it is that may not be posted to, such as `loopback`; undefined where it may. What is no address
   * at all is refused as well.
   */
  refusedKind(address: string): string | undefined;
  /**
   * The same for the host of a URL as the URL parser writes it, where the host alone says it: an address in any spelling, in
   * brackets or without, or a name that always means this machine (RFC 6761 §6.3). Other names are judged by the addresses
   * that they resolve to, at each connection.
   */
  refusedHost(hostname: string): string | undefined;
}

/**
 * Networks that are not the public internet (IANA's registries of special-purpose addresses), or whose addresses stand for
 * others: a NAT64 or 6to4 gateway would carry a request to the IPv4 address inside. The first that matches names the kind.
 */
const special: readonly (readonly [kind: string, networks: readonly string[]])[] = [
  // 168.63.129.16 is public by number, but only means Azure's host agent; fd00:ec2::254 is AWS's metadata service.
  ["metadata", ["169.254.169.254/32", "168.63.129.16/32", "100.100.100.200/32", "fd00:ec2::254/128"]],
  ["loopback", ["127.0.0.0/8", "::1/128"]],
  ["unspecified", ["0.0.0.0/8", "::/128"]],
  ["private", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"]],
  ["link-local", ["169.254.0.0/16", "fe80::/10"]],
  ["shared", ["100.64.0.0/10"]],
  ["multicast", ["224.0.0.0/4", "ff00::/8"]],
  ["embedded IPv4", ["::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16"]],
  [
    "reserved",
    [
      "192.0.0.0/24",
      "192.0.2.0/24",
      "192.88.99.0/24",
      "198.18.0.0/15",
      "198.51.100.0/24",
      "203.0.113.0/24",
      "240.0.0.0/4",
      // IPv6 that is in use is 2000::/3; the rest is named by its two halves around it.
      "::/3",
      "4000::/2",
      "8000::/1",
      // Teredo (2001::/32), ORCHID and others; documentation.
      "2001::/23",
      "2001:db8::/32",
      "3fff::/20",
    ],
  ],
];

const family = (address: string): "ipv4" | "ipv6" => (isIP(address) === 4 ? "ipv4" : "ipv6");

const familyOf = (network: string): "ipv4" | "ipv6" => family(network.replace(/\/.*$/, ""));

/** Makes a list of networks such as `10.0.0.0/8`, and of single addresses. */
function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits = isIP(address) === 4 ? "32" : "128"] = network.split("/");
    list.addSubnet(address, Number(bits), family(address));
  }
  return list;
}

/**
 * Makes the rule. Public addresses may be posted to; of the others those in `networks`, or all with `all`. What the caller
 * lists it must have checked: an entry that is no network throws.
 */
export function createWebhookAddresses(allowed: {
  readonly all: boolean;
  readonly networks: readonly string[];
}): WebhookAddresses {
  const exempt = networkList(allowed.networks);
  // One list for each family: Node's list takes an IPv4 address for the mapped one of IPv6 as well.
  const listsOf = (of: "ipv4" | "ipv6") =>
    special.map(([kind, networks]) => [kind, networkList(networks.filter((one) => familyOf(one) === of))] as const);
  const lists = { ipv4: listsOf("ipv4"), ipv6: listsOf("ipv6") };

  const refusedKind = (address: string): string | undefined => {
    // The zone of a link-local address says by which interface, not where to.
    const plain = address.replace(/%.*$/, "");
    if (isIP(plain) === 0) return "invalid";
    const own = family(plain);
    if (allowed.all || exempt.check(plain, own)) return undefined;
    return lists[own].find(([, list]) => list.check(plain, own))?.[0];
  };

  return {
    refusedKind,
    refusedHost: (hostname) => {
      const host = hostname.replace(/^\[(.*)\]$/, "$1");
      if (isIP(host) !== 0) return refusedKind(host);
      if (!/(^|\.)localhost\.?$/i.test(host)) return undefined;
      const kind = refusedKind("127.0.0.1");
      return kind === undefined ? undefined : refusedKind("::1");
    },
  };
}
