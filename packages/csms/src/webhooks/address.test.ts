import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWebhookAddresses } from "./address.ts";

const strict = createWebhookAddresses({ all: false, networks: [] });
const host = (url: string): string => new URL(url).hostname;

describe("the addresses that webhooks may post to", () => {
  it.each([
    ["127.0.0.1", "loopback"],
    ["127.255.255.255", "loopback"],
    ["::1", "loopback"],
    ["0.0.0.0", "unspecified"],
    ["::", "unspecified"],
    ["10.0.0.1", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.168.1.1", "private"],
    ["fc00::1", "private"],
    ["fdff::1", "private"],
    ["fec0::1", "private"],
    ["169.254.1.1", "link-local"],
    ["fe80::1", "link-local"],
    ["fe80::1%eth0", "link-local"],
    ["febf::1", "link-local"],
    ["169.254.169.254", "metadata"],
    ["fd00:ec2::254", "metadata"],
    ["168.63.129.16", "metadata"],
    ["100.100.100.200", "metadata"],
    ["100.64.0.1", "shared"],
    ["100.127.255.255", "shared"],
    ["224.0.0.1", "multicast"],
    ["ff02::1", "multicast"],
    ["255.255.255.255", "reserved"],
    ["198.18.0.1", "reserved"],
    ["203.0.113.7", "reserved"],
    ["2001:db8::1", "reserved"],
    ["2001::1", "reserved"],
    ["4000::1", "reserved"],
    ["::ffff:127.0.0.1", "embedded IPv4"],
    ["::ffff:7f00:1", "embedded IPv4"],
    ["0:0:0:0:0:ffff:8.8.8.8", "embedded IPv4"],
    ["::127.0.0.1", "embedded IPv4"],
    ["::ffff:0:127.0.0.1", "embedded IPv4"],
    ["64:ff9b::127.0.0.1", "embedded IPv4"],
    ["64:ff9b:1::10.0.0.1", "embedded IPv4"],
    ["2002:7f00:1::", "embedded IPv4"],
    ["localhost", "invalid"],
    ["", "invalid"],
  ])("are not %s, which is %s", (address, kind) => {
    expect(strict.refusedKind(address)).toBe(kind);
  });

  it.each([
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1",
  ])("are %s", (address) => {
    expect(strict.refusedKind(address)).toBeUndefined();
  });

  it("are judged in every spelling of a URL", () => {
    const number = fc.integer({ min: 0x7f_00_00_00, max: 0x7f_ff_ff_ff });
    const spellings = [
      (n: number) => String(n),
      (n: number) => `0x${n.toString(16)}`,
      (n: number) => `0${n.toString(8)}`,
      (n: number) => `127.${n & 0xff_ff_ff}`,
      (n: number) => `0x7f.${(n >> 16) & 0xff}.${n & 0xff_ff}`,
      (n: number) => `127.${(n >> 16) & 0xff}.${(n >> 8) & 0xff}.${n & 0xff}.`,
      (n: number) => `[::ffff:7f${((n >> 16) & 0xff).toString(16).padStart(2, "0")}:${(n & 0xff_ff).toString(16)}]`,
      (n: number) => `%31%32%37.${n & 0xff_ff_ff}`,
    ];
    fc.assert(
      fc.property(number, fc.constantFrom(...spellings), (n, spell) => {
        expect(strict.refusedHost(host(`http://${spell(n)}:8080/hook`))).toMatch(/^(loopback|embedded IPv4)$/);
      }),
    );
    for (const name of ["localhost", "LOCALHOST", "localhost.", "a.localhost", "①②⑦.0.0.1", "0", "[::]"]) {
      expect(strict.refusedHost(host(`http://${name}/`)), name).toBeDefined();
    }
    for (const name of ["example.com", "localhost.example.com", "notlocalhost", "127.0.0.1.example.com"]) {
      expect(strict.refusedHost(host(`http://${name}/`)), name).toBeUndefined();
    }
  });

  it("are those that the operator allows, and no others of their kind", () => {
    const some = createWebhookAddresses({ all: false, networks: ["10.1.0.0/16", "127.0.0.1", "fd12::/16"] });
    const allowed = ["10.1.255.1", "127.0.0.1", "fd12::1", "8.8.8.8"];
    expect(allowed.map((address) => some.refusedKind(address))).toEqual(allowed.map(() => undefined));
    expect(["10.2.0.1", "127.0.0.2", "fd13::1", "169.254.169.254"].map((address) => some.refusedKind(address))).toEqual(
      ["private", "loopback", "private", "metadata"],
    );
    expect(some.refusedHost("localhost")).toBeUndefined();
  });

  it("are all, where the operator says so, and never what is no address", () => {
    const all = createWebhookAddresses({ all: true, networks: [] });
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => all.refusedKind(address) === undefined));
    expect(all.refusedHost("localhost")).toBeUndefined();
    expect(all.refusedKind("nonsense")).toBe("invalid");
  });
});
