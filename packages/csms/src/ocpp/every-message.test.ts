import { readFileSync } from "node:fs";
import { type AnyPeer, OcppError, type Protocol } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v21 } from "@ocpp/v21";
import { v201 } from "@ocpp/v201";
import { afterEach, describe, expect, it } from "vitest";
import { checkCommand, isSentByCsms } from "../commands/check.ts";
import { type TestGateway, testGateway, until } from "./gateway.fixture.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** The smallest value that fits a schema. */
function smallest(schema: Schema, root: Schema): unknown {
  if (schema.$ref !== undefined) {
    const definition = root.definitions?.[schema.$ref.split("/").at(-1) ?? ""];
    if (definition === undefined) throw new Error(`There is no ${schema.$ref}`);
    return smallest(definition, root);
  }
  switch (schema.type) {
    case "object": {
      const entries = (schema.required ?? []).map((name) => [
        name,
        // A schedule starts with its first period (1.6 errata 3.45).
        name === "startPeriod" ? 0 : smallest(schema.properties?.[name] ?? {}, root),
      ]);
      return Object.fromEntries(entries);
    }
    case "array":
      return [smallest(schema.items ?? {}, root)];
    case "integer":
    case "number":
      return Math.max(1, schema.minimum ?? 1);
    case "boolean":
      return false;
    default:
      return (
        schema.enum?.[0] ??
        (schema.format === "date-time" ? "2026-11-24T12:00:00Z" : schema.format === "uri" ? "ftp://x/y" : "x")
      );
  }
}

function requestOf(version: string, action: string): unknown {
  const root = new URL("../../../../schemas/", import.meta.url);
  const file = ["Request", ""].map((end) => new URL(`${version}/${action}${end}.json`, root));
  for (const one of file) {
    try {
      const schema = JSON.parse(readFileSync(one, "utf8")) as Schema;
      return smallest(schema, schema);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  throw new Error(`There is no schema of ${action}`);
}

let running: TestGateway | undefined;

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

const versions = [
  ["1.6", v16, "station16"],
  ["2.0.1", v201, "station201"],
  ["2.1", v21, "station21"],
] as const;

for (const [version, known, open] of versions) {
  const protocol: Protocol = known;
  const ofStations = Object.values(protocol.actions).filter(({ from }) => from !== "csms");
  const ofCsms = Object.keys(protocol.actions).filter((action) => isSentByCsms(protocol, action));

  describe(`OCPP ${version}`, () => {
    it("has every message of a station answered validly", async () => {
      const test = await testGateway();
      running = test;
      await test.services.stations.add("CS001", {});
      const peer = (await test[open]("CS001")) as unknown as AnyPeer & { send(action: string, request: unknown): void };
      await peer.callByName("BootNotification", requestOf(version, "BootNotification"));
      const failed: unknown[] = [];
      for (const { name, response } of ofStations) {
        const request = requestOf(version, name);
        if (response === undefined) peer.send(name, request);
        // The client holds the answer against its schema.
        else await peer.callByName(name, request).catch((error: unknown) => failed.push([name, String(error)]));
      }
      expect(failed).toEqual([]);
      const frames = await until(
        () =>
          test.services.store.reader
            .selectFrom("frames")
            .selectAll()
            .where("direction", "=", "inbound")
            .where("type", "in", [2, 6])
            .execute(),
        ({ length }) => length > ofStations.length,
      );
      expect(new Set(frames.map(({ action }) => action)).size).toBe(ofStations.length);
    });

    it("lets every message of a CSMS through as it is", async () => {
      const test = await testGateway();
      running = test;
      await test.services.stations.add("CS001", {});
      const received: string[] = [];
      const refuse = (action: string) => (request: unknown) => {
        received.push(JSON.stringify([action, request]));
        throw new OcppError("NotSupported", "played");
      };
      await test[open]("CS001", Object.fromEntries(ofCsms.map((action) => [action, refuse(action)])));
      const sent: string[] = [];
      for (const action of ofCsms) {
        const payload = requestOf(version, action);
        expect([action, checkCommand(protocol.subprotocol, action, payload)]).toEqual([action, undefined]);
        sent.push(JSON.stringify([action, payload]));
        const outcome = await test.services.commander.call("CS001", action, payload, { requestedBy: "test" });
        expect(outcome).toMatchObject({ state: "error", code: "NotSupported", description: "played" });
      }
      expect(received).toEqual(sent);
    });
  });
}
