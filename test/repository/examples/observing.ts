import { strict as assert } from "node:assert";
import { csms, type Exchange, type Interceptor, OcppError, parseFrame, type Reporter, station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { serve } from "@ocpp/websocket/server";

const lines: string[] = [];
const write = (line: string) => lines.push(line);

// #region report
const report: Reporter = (report, identity) => {
  switch (report.type) {
    case "handler-failed":
      write(`${identity}: the handler of ${report.action} failed: ${String(report.error)}`);
      break;
    case "violation":
      write(`${identity}: ${report.direction} ${report.action} ${report.part}: ${report.violation.message}`);
      break;
    case "malformed-frame":
      write(`${identity}: ${report.reason}`);
      break;
    default:
      write(`${identity}: ${report.type}`);
  }
};
// #endregion report

// #region log
const log: Interceptor = (next) => async (exchange) => {
  const { direction, action, identity } = exchange;
  const begun = performance.now();
  const took = () => `${(performance.now() - begun).toFixed(1)} ms`;
  try {
    const response = await next(exchange);
    write(`${identity} ${direction} ${action}: ${took()}`);
    return response;
  } catch (error) {
    write(`${identity} ${direction} ${action}: ${took()}, ${OcppError.is(error) ? error.code : String(error)}`);
    throw error;
  }
};
// #endregion log

// #region metrics
function countCalls(): { readonly interceptor: Interceptor; text(): string } {
  const counts = new Map<string, number>();
  const count = ({ direction, action, protocol }: Exchange, outcome: string): void => {
    const key = `ocpp_calls_total{direction="${direction}",action="${action}",protocol="${protocol}",outcome="${outcome}"}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  return {
    interceptor: (next) => async (exchange) => {
      try {
        const response = await next(exchange);
        count(exchange, "ok");
        return response;
      } catch (error) {
        count(exchange, OcppError.is(error) ? error.code : "failed");
        throw error;
      }
    },
    text: () => Array.from(counts, ([key, value]) => `${key} ${value}\n`).join(""),
  };
}
// #endregion metrics

// #region refuse
/** Refuses calls of stations that are being moved elsewhere. */
const moving = new Set<string>();
const hold: Interceptor = (next) => async (exchange) => {
  if (exchange.direction === "inbound" && moving.has(exchange.identity)) {
    throw new OcppError("InternalError", "This station is being moved: try again later");
  }
  return next(exchange);
};
// #endregion refuse

// #region mask
const secret = new Set(["idTag", "idToken", "password", "AuthorizationKey"]);

/** The frame as it may stand in a log: what tells who charges is left out, at any depth. */
function masked(text: string): string {
  const frame = parseFrame(v201, text);
  if (frame.type === "malformed") return "(no frame)"; // Whatever that was, it could be a secret.
  return JSON.stringify(frame, (key, value: unknown) => (secret.has(key) && typeof value === "string" ? "***" : value));
}
// #endregion mask

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} comes later`);
};
const endpoint = csms(
  v201,
  {
    Authorize: () => ({ idTokenInfo: { status: "Accepted" } }),
    Heartbeat: () => {
      throw new Error("the database is away");
    },
  },
  { fallback },
);

// #region use
const metrics = countCalls();
const server = await serve({
  host: "127.0.0.1",
  port: 0,
  endpoints: [endpoint],
  report,
  interceptors: [metrics.interceptor, log, hold],
  frames: (direction, text, identity) => write(`${identity} ${direction} ${masked(text)}`),
});
// #endregion use
const session = connect(server.url, [station(v201, {}, { fallback })], { identity: "CS001" });
const peer = await session.ready;
await peer.call("Authorize", { idToken: { idToken: "04E1F2A3", type: "ISO14443" } });
await assert.rejects(peer.call("Heartbeat", {}), { code: "InternalError" });
moving.add("CS001");
await assert.rejects(peer.call("Heartbeat", {}), { description: "This station is being moved: try again later" });
await session.close();
await server.close();

const all = lines.join("\n");
assert.match(all, /CS001 inbound Authorize: [\d.]+ ms/);
assert.match(all, /CS001: the handler of Heartbeat failed: Error: the database is away/);
assert.ok(!all.includes("04E1F2A3"), all);
assert.match(all, /"idToken":\{"idToken":"\*\*\*","type":"ISO14443"\}/);
assert.match(metrics.text(), /action="Authorize",protocol="ocpp2.0.1",outcome="ok"\} 1\n/);
