import { describe, expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

describe("metrics", () => {
  test("count and measure, in the text format of Prometheus", async () => {
    const metrics = createMetrics();
    metrics.stationConnected("ocpp1.6");
    metrics.stationConnected("ocpp1.6");
    metrics.stationDisconnected("ocpp1.6");
    metrics.message("inbound", "Heartbeat", "result");
    metrics.handled("Heartbeat", 0.002);
    metrics.command("completed");
    metrics.openTransactions(4);
    metrics.committed(0.003, 12);
    metrics.webhookDelivery("dead");
    const text = await metrics.text();
    for (const line of [
      'ocpp_stations_connected{protocol="ocpp1.6"} 1',
      'ocpp_messages_total{direction="inbound",action="Heartbeat",outcome="result"} 1',
      'ocpp_handler_seconds_bucket{le="0.0025",action="Heartbeat"} 1',
      'ocpp_commands_total{outcome="completed"} 1',
      "ocpp_transactions_open 4",
      "ocpp_store_commit_seconds_count 1",
      'ocpp_store_commit_writes_bucket{le="20"} 1',
      'ocpp_webhook_deliveries_total{outcome="dead"} 1',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(metrics.contentType).toMatch(/^text\/plain/);
  });

  test("are apart from those of another CSMS in the process", async () => {
    const one = createMetrics({ process: true });
    const other = createMetrics({ process: true });
    one.command("completed");
    expect(await other.text()).not.toContain("ocpp_commands_total{");
    expect(await one.text()).toContain("nodejs_eventloop_lag_seconds");
    one.close();
    other.close();
  });

  test("do not grow with the names that stations make up", async () => {
    const metrics = createMetrics();
    for (let number = 0; number < 5_000; number += 1) metrics.message("inbound", `Made${number}up`, "error");
    const lines = (await metrics.text()).split("\n").filter((line) => line.startsWith("ocpp_messages_total{"));
    expect(lines).toHaveLength(301);
    expect(lines.at(-1)).toBe('ocpp_messages_total{direction="inbound",action="other",outcome="error"} 4700');
  });
});
