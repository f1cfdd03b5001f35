import { existsSync } from "node:fs";
import { csms, OcppError, station } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v201 } from "@ocpp/v201";
import { refuse, serve } from "@ocpp/websocket/server";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { deferred } from "./deferred.ts";
import { startRawServer } from "./raw-server.ts";
import { type Site, startSite } from "./site.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const missing = !existsSync(executablePath);
const title = missing
  ? `in Chromium, which is missing at ${executablePath}; CHROMIUM names another one`
  : "in Chromium";

// Where everything is meant to be installed, a test that is left out counts as a failure.
describe.skipIf(missing && process.env["CI"] !== "true")(title, () => {
  let browser: Browser | undefined;
  let site: Site | undefined;

  beforeAll(async () => {
    if (missing) throw new Error(`There is no Chromium at ${executablePath}`);
    const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
    const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
    site = await startSite();
    browser = await chromium.launch({ executablePath, headless: true, args: [...args, ...quiet], timeout: 90_000 });
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Opens a page, whose program runs by itself; what it comes to, and what the console said. */
  async function visit(
    page: string,
    ...parameters: readonly (readonly [string, string])[]
  ): Promise<{ readonly outcome: () => Promise<unknown>; readonly complaints: readonly string[] }> {
    if (browser === undefined || site === undefined) throw new Error("The browser is not running");
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const tab = await context.newPage();
    const complaints: string[] = [];
    tab.on("pageerror", (error) => complaints.push(String(error)));
    tab.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await tab.goto(site.url(page, parameters));
    return { outcome: () => tab.evaluate(() => globalThis.outcome), complaints };
  }

  /** The violations of the policy that the browser reported about a page. */
  const reportsOf = (page: string): readonly string[] =>
    site?.reports.filter((report) => report.includes(`/${page}.html`)) ?? [];

  it("a page is a station of 2.0.1: calls both ways, validation, a ticket, and reconnecting", async () => {
    const tickets = new Set(["first", "second"]);
    const shown: (string | undefined)[] = [];
    const statuses: string[] = [];
    const available = deferred();
    const bootedTwice = deferred();
    let boots = 0;
    const endpoint = csms(
      v201,
      {
        BootNotification: (_request, context) => {
          boots += 1;
          if (boots === 2) context.afterResponse(bootedTwice.resolve);
          return { status: "Accepted", interval: 300, currentTime: new Date().toISOString() };
        },
        Heartbeat: () => ({ currentTime: new Date().toISOString() }),
        ClearedChargingLimit: () => {
          throw new OcppError("SecurityError", "Not you");
        },
        StatusNotification: ({ connectorStatus }) => {
          statuses.push(connectorStatus);
          available.resolve();
          return {};
        },
      },
      { fallback: () => ({}), validation: { outbound: "off" } },
    );
    const server = await serve({
      host: "127.0.0.1",
      port: 0,
      endpoints: [endpoint],
      authenticate: ({ ticket, credentials }) => {
        shown.push(ticket);
        return credentials === undefined && ticket !== undefined && tickets.delete(ticket) ? { ticket } : refuse(401);
      },
    });
    onTestFinished(() => server.close({ timeout: 0 }));
    const { outcome, complaints } = await visit(
      "station",
      ["csms", server.url],
      ["ticket", "first"],
      ["ticket", "second"],
    );
    await available.promise;
    const peer = server.peer("page 1");
    // The page calls back before it answers.
    expect(await peer?.call("GetLocalListVersion", {})).toEqual({ versionNumber: 7 });
    const refused = await peer?.callByName("ChangeAvailability", { operationalStatus: "Perhaps" }).catch(String);
    expect(refused).toMatch(/^OcppError: PropertyConstraintViolation: operationalStatus /);
    expect(await peer?.callByName("ClearCache", {}).catch(String)).toMatch(/^OcppError: NotSupported: This page/);

    await peer?.close({ code: 1012, reason: "Restart", timeout: 0 });
    await bootedTwice.promise;
    expect(await server.peer("page 1")?.call("Reset", { type: "OnIdle" })).toEqual({ status: "Accepted" });

    expect(await outcome()).toEqual({
      log: [
        "open",
        "boot 1 Accepted",
        expect.stringMatching(/^ViolationError: Authorize request: idToken\.idToken .*36/),
        expect.stringMatching(/^ViolationError: Authorize request: idToken.*typ/),
        "OcppError: SecurityError: Not you",
        "waiting",
        "connecting",
        "open",
        "boot 2 Accepted",
        "Reset OnIdle",
        "closing",
        "closed",
      ],
      violations: [],
    });
    expect(shown).toEqual(["first", "second"]);
    expect(statuses).toEqual(["Available"]);
    expect(complaints).toEqual([]);
    expect(reportsOf("station")).toEqual([]);
  });

  it("a page is the CSMS's side of 1.6 and observes a station", async () => {
    const endpoint = station(
      v16,
      {
        RemoteStartTransaction: ({ idTag }, context) => {
          const { peer } = context;
          context.afterResponse(async () => {
            const timestamp = new Date().toISOString();
            await peer.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Charging" });
            const { transactionId } = await peer.call("StartTransaction", {
              connectorId: 1,
              idTag,
              meterStart: 5,
              timestamp,
            });
            await peer.call("StopTransaction", { transactionId, meterStop: 905, timestamp });
          });
          return { status: "Accepted" };
        },
      },
      {
        fallback: () => {
          throw new OcppError("NotSupported");
        },
      },
    );
    const server = await serve({ host: "127.0.0.1", port: 0, endpoints: [endpoint] });
    onTestFinished(() => server.close({ timeout: 0 }));
    const { outcome, complaints } = await visit("observer", ["station", server.url]);
    expect(await outcome()).toEqual({
      log: [
        "ocpp1.6",
        "csms",
        expect.stringMatching(/^ViolationError: ChangeConfiguration request: key .*50/),
        "OcppError: NotSupported",
        "remote start Accepted",
        "connector 1 Charging",
        "started for CARD at 5 Wh",
        "stopped 42 at 905 Wh",
      ],
      violations: [],
    });
    expect(complaints).toEqual([]);
    expect(reportsOf("observer")).toEqual([]);
  });

  it("a page is told what browsers cannot do, and answers what is no frame", async () => {
    const raw = await startRawServer("ocpp2.0.1");
    const { outcome, complaints } = await visit("limits", ["raw", raw.url], ["nobody", "ws://127.0.0.1:9"]);
    const ended = outcome();
    const socket = await Promise.race([raw.next(), ended.then((early) => expect.unreachable(JSON.stringify(early)))]);
    expect(await socket.ask("this is not JSON")).toEqual([4, "-1", "RpcFrameworkError", expect.any(String), {}]);
    expect(await socket.ask('[2,"1","Reset",{"type":"OnIdle","colour":"red"}]')).toEqual([
      4,
      "1",
      "FormatViolation",
      expect.stringContaining("colour"),
      {},
    ]);
    expect(await socket.ask('[2,"2","Reset",{"type":"OnIdle"}]')).toEqual([3, "2", { status: "Rejected" }]);
    socket.close();
    const sentence = expect.stringMatching(/^ConnectionError: .*browser.*password.*ticket/);
    expect(await ended).toEqual({
      refused: [sentence, sentence, sentence, sentence],
      unreachable: expect.stringMatching(/^HandshakeError: .*browser/),
      violations: [],
    });
    // The browser itself notes the connection that nobody took.
    expect(complaints.filter((text) => !text.includes("127.0.0.1:9"))).toEqual([]);
    expect(reportsOf("limits")).toEqual([]);
  });

  it("the policy of the pages is in force, and violations of it would be seen", async () => {
    const { outcome } = await visit("control");
    expect(await outcome()).toEqual({
      evaluated: [expect.stringMatching(/^EvalError: /), expect.stringMatching(/^EvalError: /)],
      violations: expect.arrayContaining(["script-src eval", expect.stringMatching(/^img-src http/)]),
    });
    await site?.reported("control");
    expect(reportsOf("control").join(" ")).toContain("script-src");
  });
});
