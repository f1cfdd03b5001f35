import { afterEach, describe, expect, it } from "vitest";
import { type TestApi, testApi, testKeys } from "../../http/api.fixture.ts";
import { healthResource } from "./health.ts";

let api: TestApi | undefined;

afterEach(async () => {
  await api?.close().catch(() => {});
  api = undefined;
});

describe("health", () => {
  it("is told without a key, and says whether the database answers", async () => {
    api = await testApi([healthResource], { keyed: true });
    expect((await api.fastify.inject("/health")).json()).toEqual({ status: "ok" });
    expect((await api.fastify.inject("/ready")).json()).toEqual({ status: "ok", database: "ok", stations: "ok" });
    await api.store.close();
    const response = await api.fastify.inject("/ready");
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({ status: "failed", database: "failed", stations: "ok" });
    expect((await api.fastify.inject("/health")).statusCode).toBe(200);
  });

  it("says when stations are not served", async () => {
    let served = true;
    api = await testApi([healthResource], { services: () => ({ gatewayReady: () => served }) });
    expect((await api.fastify.inject("/ready")).statusCode).toBe(200);
    served = false;
    const response = await api.fastify.inject("/ready");
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({ status: "failed", database: "ok", stations: "failed" });
  });

  it("is not counted against the rate limit", async () => {
    api = await testApi([healthResource], { configuration: { api: { rateLimit: 1 } } });
    for (let count = 0; count < 3; count += 1) expect((await api.fastify.inject("/health")).statusCode).toBe(200);
  });
});

describe("metrics", () => {
  it("are told in the format of Prometheus, to whoever may look", async () => {
    api = await testApi([healthResource], { keyed: true });
    expect((await api.fastify.inject("/metrics")).statusCode).toBe(401);
    const response = await api.fastify.inject({ url: "/metrics", headers: { "x-api-key": testKeys.viewer } });
    expect(response.headers["content-type"]).toContain("text/plain");
    expect(response.body).toContain("# TYPE ocpp_stations_connected gauge");
  });
});
