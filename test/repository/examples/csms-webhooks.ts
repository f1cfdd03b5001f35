import { strict as assert } from "node:assert";
import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configurationOf, createCsms, type Log } from "@ocpp/csms";

// #region verify
/** Whether a delivery is from the CSMS, and not older than five minutes. `body` is the text as it came. */
function isGenuine(secret: string, headers: IncomingHttpHeaders, body: string): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (typeof id !== "string" || typeof timestamp !== "string" || typeof signatures !== "string") return false;
  if (!(Math.abs(Date.now() / 1_000 - Number(timestamp)) < 300)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const wanted = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  return signatures.split(" ").some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ""), "base64");
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}
// #endregion verify

let secret = "";
const events: { readonly kind: string; readonly stationId: string | null; readonly data: unknown }[] = [];
let forged = 0;

// #region receiver
/** The deliveries that were taken, since one may come twice. */
const taken = new Set<string>();

const receiver = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (part: string) => {
    body += part;
  });
  request.on("end", () => {
    if (!isGenuine(secret, request.headers, body)) {
      forged += 1;
      response.writeHead(401).end();
      return;
    }
    const id = String(request.headers["webhook-id"]);
    if (!taken.has(id)) {
      taken.add(id);
      events.push(JSON.parse(body));
      receiver.emit("taken");
    }
    // Whatever takes long comes after the answer: the CSMS waits ten seconds, and then tries again.
    response.writeHead(204).end();
  });
});
// #endregion receiver

receiver.listen(0, "127.0.0.1");
await once(receiver, "listening");
const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/ocpp`;

const folder = mkdtempSync(join(tmpdir(), "ocpp-webhooks-"));
const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, part: () => log };
const csms = await createCsms({
  configuration: configurationOf({
    webSocket: { port: 0 },
    api: { port: 0 },
    store: { folder },
    // The receiver of this example has no public address.
    webhooks: { allowedNetworks: ["127.0.0.0/8"] },
  }),
  log,
});
const { apiUrl } = csms;

async function post(path: string, content: object): Promise<unknown> {
  const response = await fetch(`${apiUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(content),
  });
  assert.equal(response.status, 201, await response.clone().text());
  return response.json();
}

// #region add
const added = await post("/api/v1/webhooks", { url, kinds: ["token", "transaction.started"] });
// #endregion add
secret = (added as { secret: string }).secret;

await fetch(url, { method: "POST", body: "{}", headers: { "webhook-id": "1", "webhook-timestamp": "1" } });
assert.equal(forged, 1);

const arrived = once(receiver, "taken");
await post("/api/authorizations", { idTag: "04A1B2C3" });
await arrived;
assert.equal(events[0]?.kind, "token.changed");
assert.equal(events[0]?.stationId, null);

await csms.close(1_000);
receiver.close();
receiver.closeAllConnections();
rmSync(folder, { recursive: true, force: true });
console.log("csms-webhooks: ok");
