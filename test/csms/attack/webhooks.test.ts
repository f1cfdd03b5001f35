import dns from "node:dns";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import type { SomeConfiguration } from "@ocpp/csms";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openStage, type Stage } from "../hostile/stage.ts";
import { scaled } from "./scale.ts";

/*
 * Webhooks against whoever may add one, and against their receivers: an operator's account, or a stolen key, must not make
 * the CSMS post to what only it can reach, and a receiver that hangs or fails must hold up neither others nor, beyond its own
 * station, itself. Everything on 127.0.0.0/8.
 */

interface Receiver {
  readonly port: number;
  readonly bodies: string[];
  close(): void;
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function receiver(
  answer: (response: ServerResponse, body: string) => void = (response) => response.writeHead(204).end(),
  host = "127.0.0.1",
): Promise<Receiver> {
  const bodies: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      bodies.push(body);
      answer(response, body);
    });
  });
  server.listen(0, host);
  await once(server, "listening");
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  closing.push(close);
  return { port: (server.address() as AddressInfo).port, bodies, close };
}

async function stage(configuration: SomeConfiguration = {}): Promise<Stage> {
  const opened = await openStage({ log: { level: "warn" }, ...configuration });
  closing.push(() => opened.close());
  return opened;
}

async function add({ operator }: Stage, url: string, more: object = {}): Promise<{ status: number; text: string }> {
  const response = await operator.request("POST", "/api/v1/webhooks", { url, ...more });
  return { status: response.status, text: JSON.stringify(response.body) };
}

/** Lets every name resolve to an address. */
function resolveTo(address: string): void {
  const lookup = vi.spyOn(dns, "lookup").mockImplementation(((
    _name: string,
    options: { readonly all?: boolean },
    found: (error: null, address: unknown, family?: number) => void,
  ) => {
    const family = address.includes(":") ? 6 : 4;
    if (options.all === true) found(null, [{ address, family }]);
    else found(null, address, family);
  }) as unknown as typeof dns.lookup);
  syncBuiltinESMExports();
  closing.push(() => {
    lookup.mockRestore();
    syncBuiltinESMExports();
  });
}

const lookWithin = { timeout: 20_000, interval: 20 };

/** Lets something happen that belongs to a station. */
function happen({ csms }: Stage, stationId: string | null, count = 1, data: object = {}): void {
  for (let index = 0; index < count; index += 1) {
    csms.services.events.append({
      stationId,
      kind: "meter.values",
      data: { evseId: 1, connectorId: 1, sets: index, ...data },
    });
  }
}

/** Waits until a delivery was tried, and answers what was wrong. */
async function reasonOf({ csms }: Stage): Promise<string> {
  let reason = "";
  await vi.waitFor(async () => {
    const rows = await csms.services.store.reader.selectFrom("deliveries").selectAll().execute();
    expect(rows[0]?.attempts).toBeGreaterThan(0);
    reason = rows[0]?.last_error ?? "";
  }, lookWithin);
  return reason;
}

describe("webhooks to addresses that only the CSMS can reach", () => {
  it("are refused when they are entered, in every spelling, with a reason", async () => {
    const open = await stage();
    const { port, bodies } = await receiver();
    for (const host of [
      "127.0.0.1",
      "127.1",
      "127.0.0.1.",
      "2130706433",
      "0x7f.1",
      "0x7f000001",
      "017700000001",
      "0",
      "localhost",
      "LocalHost.",
      "a.localhost",
      "[::1]",
      "[::]",
      "[::ffff:127.0.0.1]",
      "[0:0:0:0:0:ffff:7f00:1]",
      "[::127.0.0.1]",
      "[64:ff9b::7f00:1]",
      "[2002:7f00:1::]",
      "[fe80::1]",
      "[fd00:ec2::254]",
      "10.0.0.1",
      "172.16.0.1",
      "192.168.0.1",
      "169.254.169.254",
      "100.64.0.1",
      "224.0.0.1",
    ]) {
      const { status, text } = await add(open, `http://${host}:${port}/`);
      expect([host, status]).toEqual([host, 400]);
      expect(text).toContain("webhooks.allowedNetworks");
    }
    for (const url of ["ftp://example.com/", "file:///etc/passwd", "http://user:secret@example.com/"]) {
      const { status, text } = await add(open, url);
      expect([url, status, text.includes("secret@")]).toEqual([url, 400, false]);
    }
    happen(open, "A");
    expect(await open.operator.get<unknown[]>("/api/v1/webhooks")).toEqual([]);
    expect(bodies).toEqual([]);
  });

  it("get nothing when a name resolves to them, at whichever connection", async () => {
    const open = await stage();
    const { port, bodies } = await receiver();
    resolveTo("127.0.0.1");
    expect((await add(open, `http://rebinding.example:${port}/`)).status).toBe(201);
    happen(open, "A");
    expect(await reasonOf(open)).toContain("no public address (loopback)");
    expect(bodies).toEqual([]);
    expect(open.lines.join("\n")).not.toContain("127.0.0.1");
  });

  it("get nothing by a name for an address inside another", async () => {
    const open = await stage();
    const { port, bodies } = await receiver();
    resolveTo("::ffff:127.0.0.1");
    expect((await add(open, `http://mapped.example:${port}/`)).status).toBe(201);
    happen(open, "A");
    expect(await reasonOf(open)).toContain("no public address");
    expect(bodies).toEqual([]);
  });

  it("get nothing by a redirect, and everything where the operator allows them", async () => {
    const inner = await receiver();
    const outer = await receiver(
      (response) => response.writeHead(307, { location: `http://127.0.0.1:${inner.port}/` }).end(),
      "127.0.0.2",
    );
    const allowed = await receiver(undefined, "127.0.0.2");
    const open = await stage({ webhooks: { allowedNetworks: ["127.0.0.2"] } });
    expect((await add(open, `http://127.0.0.1:${inner.port}/`)).status).toBe(400);
    expect((await add(open, `http://127.0.0.2:${outer.port}/`)).status).toBe(201);
    happen(open, "A");
    expect(await reasonOf(open)).toContain("redirects are not followed");
    expect((await add(open, `http://127.0.0.2:${allowed.port}/`)).status).toBe(201);
    happen(open, "A");
    await vi.waitFor(() => expect(allowed.bodies).toHaveLength(1), lookWithin);
    expect(inner.bodies).toEqual([]);
  });
});

describe("receivers of webhooks that misbehave", () => {
  const local: SomeConfiguration = { webhooks: { allowedNetworks: ["127.0.0.0/8"], timeout: 120 } };

  it("hold up nobody else by hanging, nor themselves beyond a station", async () => {
    const open = await stage(local);
    const hanging = await Promise.all(Array.from({ length: scaled(8, 40) }, () => receiver(() => {})));
    const picky = await receiver((response, body) => {
      if (!body.includes('"stationId":"STUCK"')) response.writeHead(204).end();
    });
    const working = await receiver();
    for (const { port } of [...hanging, picky, working]) {
      expect((await add(open, `http://127.0.0.1:${port}/`, { kinds: ["meter"] })).status).toBe(201);
    }
    happen(open, "STUCK", scaled(200, 5_000));
    const stations = scaled(50, 500);
    for (let index = 0; index < stations; index += 1) happen(open, `S${index}`);
    const total = scaled(200, 5_000) + stations;
    // Before any of the posts that hang is given up.
    const within = { timeout: 60_000, interval: 20 };
    await vi.waitFor(() => expect(working.bodies).toHaveLength(total), within);
    const passed = (): number => picky.bodies.filter((body) => !body.includes('"STUCK"')).length;
    await vi.waitFor(() => expect(passed()).toBe(stations), within);
    expect(picky.bodies.filter((body) => body.includes('"STUCK"')).length).toBeLessThanOrEqual(2);
    for (const { bodies } of hanging) expect(bodies.length).toBeLessThanOrEqual(20);
  });

  it("get no body beyond its bound, and have none of theirs read beyond one", async () => {
    const open = await stage({ webhooks: { ...local.webhooks, maxBody: 65_536 } });
    let written = 0;
    const endless = await receiver((response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && written < 50_000_000) {
          written += 65_536;
          if (!response.write("x".repeat(65_536))) {
            response.once("drain", more);
            return;
          }
        }
      };
      more();
    });
    expect((await add(open, `http://127.0.0.1:${endless.port}/`, { kinds: ["meter"] })).status).toBe(201);
    happen(open, "A", 1, { text: "y".repeat(1_000_000) });
    await vi.waitFor(async () => {
      const rows = await open.csms.services.store.reader.selectFrom("deliveries").select("status").execute();
      expect(rows).toEqual([{ status: "delivered" }]);
    }, lookWithin);
    expect(endless.bodies).toHaveLength(1);
    expect(endless.bodies[0]?.length).toBeLessThan(65_536);
    expect(JSON.parse(endless.bodies[0] ?? "")).toMatchObject({ data: { truncated: true, length: 1_000_047 } });
    expect(written).toBeLessThan(10_000_000);
  });

  it("that are away keep no more waiting than the bound, and say what was dropped", async () => {
    const most = scaled(200, 2_000);
    const open = await stage({ webhooks: { ...local.webhooks, maxWaiting: most } });
    const failing = await receiver((response) => response.writeHead(500).end());
    expect((await add(open, `http://127.0.0.1:${failing.port}/`, { kinds: ["meter"] })).status).toBe(201);
    happen(open, "QUIET", 10);
    happen(open, "LOUD", 3 * most);
    await vi.waitFor(async () => {
      const [hook] = await open.operator.get<{ id: number; waiting: number }[]>("/api/v1/webhooks");
      expect(hook?.waiting).toBeLessThanOrEqual(most);
      const dropped = await open.operator.get<{ status: string }[]>(
        `/api/v1/webhooks/${hook?.id}/deliveries?status=dropped`,
      );
      expect(dropped.length).toBeGreaterThan(0);
    }, lookWithin);
    const rows = await open.csms.services.store.reader
      .selectFrom("deliveries")
      .select("station_id")
      .where("status", "=", "dropped")
      .execute();
    expect(rows.every(({ station_id }) => station_id === "LOUD")).toBe(true);
    expect(open.lines.join("\n")).toContain("Deliveries to a webhook were dropped");
  });
});
