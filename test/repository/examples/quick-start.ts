/* The three programs of the README, run together as a newcomer runs them; only the port is another. */
import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { findChromium } from "./support/chromium.ts";
import { freePort } from "./support/free-port.ts";
import { startProgram } from "./support/program.ts";

const here = import.meta.dirname;
const port = String(await freePort());
const cache = join(here, "../..", ".cache");
mkdirSync(cache, { recursive: true });
// Below the tests, so that the packages are found.
const folder = mkdtempSync(join(cache, "quick-start-"));
process.once("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});
for (const name of readdirSync(join(here, "quick-start"))) {
  const text = readFileSync(join(here, "quick-start", name), "utf8");
  writeFileSync(join(folder, name), text.replaceAll("9000", port));
}

const csms = startProgram(join(folder, "csms.ts"));
await csms.line("Stations connect to");
const station = startProgram(join(folder, "station.ts"));
try {
  assert.match(await station.line("BootNotification"), /Accepted, a Heartbeat every 300 s/);
  await csms.line(`ws://127.0.0.1:${port}/ocpp/<identity>`);
  await csms.line("CS001: Acme Mono");
  await csms.line("CS001 was asked for its status: Accepted");
  await csms.line("CS001, EVSE 1: Available");

  const executablePath = findChromium();
  if (executablePath === undefined) console.log("skipped: the page of the quick start, since there is no Chromium");
  else await openPage(executablePath);

  assert.equal(await station.interrupt(), 0);
  await csms.line("CS001 is gone");
  assert.equal(await csms.interrupt(), 0);
} finally {
  station.child.kill("SIGKILL");
  csms.child.kill("SIGKILL");
}

async function openPage(executablePath: string): Promise<void> {
  const outfile = join(folder, "page.js");
  await build({ entryPoints: [join(folder, "page.ts")], bundle: true, format: "esm", outfile });
  const server = createServer((request, response) => {
    const script = request.url === "/page.js";
    response.setHeader("Content-Type", script ? "text/javascript" : "text/html");
    response.end(readFileSync(script ? outfile : join(folder, "index.html")));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.getByText("BootNotification: Accepted at").waitFor({ timeout: 20_000 });
    await csms.line("PAGE1 was asked for its status: NotImplemented");
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}
