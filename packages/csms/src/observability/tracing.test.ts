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
    const { interceptor } = createTracing({ enabled: true });
    const sys = connectPeer(
      b,
      csms(v16, { Heartbeat: () => ({ currentTime: "2026-11-24T00:00:00Z" }) }, { fallback }),
      { identity: "CS1", interceptors: [interceptor] },
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

  test("makes none where it is switched off, or there is no SDK", async () => {
    const next = (): Promise<unknown> => Promise.resolve("answer");
    expect(createTracing({ enabled: false }).interceptor(next)).toBe(next);
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
    const idle = createTracing({ enabled: true }).interceptor(next);
    expect(await idle(exchange)).toBe("answer");
    const exporter = startSdk();
    await createTracing({ enabled: false }).span("work", {}, () => Promise.resolve());
    expect(exporter.getFinishedSpans()).toEqual([]);
    // One that is started later is noticed.
    await idle(exchange);
    expect(exporter.getFinishedSpans()).toHaveLength(1);
  });

  test("makes spans for work, which end with it", async () => {
    const exporter = startSdk();
    const tracing = createTracing({ enabled: true });
    expect(await tracing.span("retention", { rows: 3 }, () => Promise.resolve(7))).toBe(7);
    await expect(tracing.span("backup", {}, () => Promise.reject(new TypeError("private")))).rejects.toThrow("private");
    expect(
      exporter.getFinishedSpans().map(({ name, attributes, status }) => [name, attributes, status.message]),
    ).toEqual([
      ["retention", { rows: 3 }, undefined],
      ["backup", { "error.type": "TypeError" }, "TypeError"],
    ]);
  });
});
