import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { OcppError, station } from "@ocpp/core";
import { configurationOf, createCsms } from "@ocpp/csms";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";

const folder = mkdtempSync(join(tmpdir(), "ocpp-example-"));
const seen: string[] = [];

// #region embed
const configuration = configurationOf({
  webSocket: { port: 0 },
  api: { port: 0 },
  store: { folder },
  stations: { heartbeatInterval: 300 },
  log: { level: "warn" },
});
const csms = await createCsms({ configuration });
const { services } = csms;

services.dataTransfers.handle("com.example", "greeting", ({ stationId, data }) => ({
  status: "Accepted",
  data: `Hello ${stationId}, you said ${String(data)}`,
}));
services.events.subscribe(({ kind, stationId }) => {
  seen.push(`${kind} ${stationId ?? ""}`);
});
// #endregion embed

const steps = fileURLToPath(new URL("csms-steps.sh", import.meta.url));
const { stdout } = await promisify(execFile)("bash", [steps, csms.apiUrl]);
assert.match(stdout, /"id":"CS001"/);
assert.match(stdout, /"secret":/);
assert.ok(!stdout.includes("correct-horse-battery"), "a password came back");

const session = connect(
  csms.webSocketUrl,
  [
    station(
      v201,
      { Reset: () => ({ status: "Accepted" }), ClearCache: () => ({ status: "Accepted" }) },
      {
        fallback: (action) => {
          throw new OcppError("NotSupported", action);
        },
      },
    ),
  ],
  { identity: "CS001", password: "correct-horse-battery" },
);
const cs = await session.ready;
const boot = await cs.call("BootNotification", {
  reason: "PowerUp",
  chargingStation: { vendorName: "Acme", model: "Mono" },
});
assert.equal(boot.status, "Accepted");
assert.equal(boot.interval, 300);
const greeting = await cs.call("DataTransfer", { vendorId: "com.example", messageId: "greeting", data: "hi" });
assert.equal(greeting.data, "Hello CS001, you said hi");

// #region command
const outcome = await services.commander.call("CS001", "ClearCache", {}, { requestedBy: "example" });
if (outcome.state === "completed") console.log(outcome.result);
else console.log(`${outcome.code}: ${outcome.description}`);
// #endregion command
assert.equal(outcome.state, "completed");
assert.ok(seen.includes("station.booted CS001"));

await session.close();
await csms.close();
rmSync(folder, { recursive: true });
