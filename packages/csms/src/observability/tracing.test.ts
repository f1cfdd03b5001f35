import { connectPeer, csms, memoryPair, OcppError, station } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, describe, expect, test } from "vitest";
import { createTracing } from "./tracing.ts";

function startSdk(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  return exporter;
}

const fallback = (): never => {
  throw new OcppError("NotSupported", "secret text of a station");
};

afterEach(() => {
  trace.disable();
});

describe("tracing", () => {
  test("makes a span of each exchange of a peer, in both directions", async () => {
    const exporter = startSdk();
    const [a, b] = memoryPair("ocpp1.6");
    const cs = connectPeer(a, station(v16, { Reset: () => ({ status: "Accepted" as const }) }, { fallback }), {
      identity: "CS1",
    });
    const sys = connectPeer(
      b,
      csms(v16, { Heartbeat: () => ({ currentTime: "2026-11-24T00:00:00Z" }) }, { fallback }),
      { identity: "CS1", interceptors: [createTracing()] },
    );
    await cs.call("Heartbeat", {});
    await sys.call("Reset", { type: "Soft" });
    await expect(cs.call("Authorize", { idTag: "TAG" })).rejects.toThrow();
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name, kind }) => [name, kind])).toEqual([
      ["OCPP Heartbeat", 1],
      ["OCPP Reset", 2],
      ["OCPP Authorize", 1],
    ]);
    expect(spans[0]?.attributes).toMatchObject({ "ocpp.station": "CS1", "ocpp.protocol": "ocpp1.6" });
    expect(spans[2]?.status).toEqual({ code: 2, message: "NotSupported" });
    expect(JSON.stringify(spans.map(({ attributes, status, events }) => [attributes, status, events]))).not.toMatch(
      /TAG|secret/,
    );
  });

  test("makes none where there is no SDK", async () => {
    const next = (): Promise<unknown> => Promise.resolve("answer");
    const exchange = {
      direction: "inbound",
      kind: "call",
      action: "Heartbeat",
      messageId: "1",
      request: {},
      identity: "CS1",
      side: "csms",
      protocol: "ocpp1.6",
    } as const;
    const idle = createTracing()(next);
    expect(await idle(exchange)).toBe("answer");
    const exporter = startSdk();
    expect(exporter.getFinishedSpans()).toEqual([]);
    // One that is started later is noticed.
    await idle(exchange);
    expect(exporter.getFinishedSpans()).toHaveLength(1);
  });
});
