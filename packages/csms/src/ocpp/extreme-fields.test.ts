import { readFileSync } from "node:fs";
import { OcppError, type Protocol } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v21 } from "@ocpp/v21";
import { v201 } from "@ocpp/v201";
import { afterEach, describe, expect, it } from "vitest";
import { databases } from "../store/store.fixture.ts";
import { type TestGateway, testGateway, until } from "./gateway.fixture.ts";
import { openRaw, type RawStation } from "./raw-station.fixture.ts";

/*
 * Every text and every whole number that a station may send, one at a time with a value that the schemas allow and that a
 * database cannot keep: a NUL character, which PostgreSQL has not, and a number beyond 32 bits.
 */

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

type Path = readonly (string | number)[];

/** A leaf of a request: where it stands and what may be put there. */
interface Leaf {
  readonly path: Path;
  readonly kind: "text" | "integer";
}

function resolved(schema: Schema, root: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return root.definitions?.[schema.$ref.split("/").at(-1) ?? ""] ?? {};
}

/** A request with all fields, as deep as the messages go; leaves are noted. */
function complete(given: Schema, root: Schema, path: Path, leaves: Leaf[]): unknown {
  const schema = resolved(given, root);
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => name !== "customData")
          .map(([name, property]) => [
            name,
            // A schedule starts with its first period (1.6 errata 3.45).
            name === "startPeriod" && property.type === "integer"
              ? 0
              : complete(property, root, [...path, name], leaves),
          ]),
      );
    case "array":
      return Array.from({ length: schema.minItems ?? 1 }, (_one, index) =>
        complete(schema.items ?? {}, root, [...path, index], leaves),
      );
    case "integer":
      leaves.push({ path, kind: "integer" });
      return Math.min(schema.maximum ?? 1, Math.max(1, schema.minimum ?? 1));
    case "number":
      return Math.min(schema.maximum ?? 1, Math.max(1, schema.minimum ?? 1));
    case "boolean":
      return false;
    case "string": {
      if (schema.enum !== undefined) return schema.enum[0];
      if (schema.format === "date-time") return "2026-11-24T12:00:00Z";
      if (schema.format === "uri") return "ftp://x/y";
      leaves.push({ path, kind: "text" });
      return "1";
    }
    default:
      leaves.push({ path, kind: "text" });
      return "x";
  }
}

/** A copy with another value in one place. */
function withValue(value: unknown, [step, ...rest]: Path, leaf: unknown): unknown {
  if (step === undefined) return leaf;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? withValue(item, rest, leaf) : item));
  return { ...(value as object), [step]: withValue((value as Record<string, unknown>)[step], rest, leaf) };
}

function requestOf(version: string, action: string): { readonly request: unknown; readonly leaves: readonly Leaf[] } {
  const file = new URL(`../../../../schemas/${version}/${action}Request.json`, import.meta.url);
  const root = JSON.parse(readFileSync(file, "utf8")) as Schema;
  const leaves: Leaf[] = [];
  return { request: complete(root, root, [], leaves), leaves };
}

let running: TestGateway | undefined;

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

/** Sends a call and waits for its answer. */
async function ask(station: RawStation, id: string, action: string, request: unknown): Promise<readonly unknown[]> {
  station.send(`[2,${JSON.stringify(id)},"${action}",${JSON.stringify(request)}]`);
  const answers = await until(
    () =>
      station.frames
        .splice(0)
        .map((text) => JSON.parse(text) as readonly unknown[])
        .filter(([type, answered]) => type !== 2 && answered === id),
    ({ length }) => length > 0,
  );
  return answers[0] ?? [];
}

const boots = {
  "ocpp1.6": { chargePointVendor: "Acme", chargePointModel: "Mono" },
  "ocpp2.0.1": { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Duo" } },
  "ocpp2.1": { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Duo" } },
} as const;

const beyond = [2_147_483_648, 1e15, 1e300];

describe.each(databases)("on $name", (database) => {
  it.each([
    ["1.6", v16],
    ["2.0.1", v201],
    ["2.1", v21],
  ] as const)(
    "every field of OCPP %s may hold what no database keeps",
    { timeout: 120_000 },
    async (version, known) => {
      const protocol: Protocol = known;
      running = await testGateway({
        database,
        configuration: { webSocket: { callRate: { perSecond: 0 } }, tokens: { rememberUnknown: true } },
      });
      const { services, gateway } = running;
      await services.stations.add("CS001", { registration: "Accepted" });
      const station = await openRaw(`${gateway.url}/CS001`, protocol.subprotocol);
      const { subprotocol } = known;
      await ask(station, "boot", "BootNotification", boots[subprotocol]);
      const wrong: unknown[] = [];
      let calls = 0;
      const check = async (action: string, request: unknown, where: string, id?: string): Promise<void> => {
        calls += 1;
        const before = services.log.lines.length;
        const [type, , code, description] = await ask(station, id ?? `c${calls}`, action, request);
        await services.store.transaction(async () => {});
        const errors = services.log.lines.slice(before).filter(({ level }) => level === "error" || level === "warn");
        const mayBeRefused = id === undefined && code === "PropertyConstraintViolation";
        if (type !== 3 && !mayBeRefused) wrong.push([action, where, type, code, description]);
        if (errors.length > 0)
          wrong.push([action, where, errors.map(({ fields }) => String((fields as { error?: unknown }).error))]);
      };
      for (const { name, from, response } of Object.values(protocol.actions)) {
        if (from === "csms" || response === undefined) continue;
        const { request, leaves } = requestOf(version, name);
        await check(name, request, "an id with NUL", `${name}\0`);
        for (const { path, kind } of leaves) {
          const values = kind === "text" ? ["\0", "\ud800"] : beyond;
          for (const value of values) await check(name, withValue(request, path, value), `${path.join(".")} ${value}`);
        }
      }
      expect(wrong).toEqual([]);
      station.close();
    },
  );

  it.each([
    ["ocpp1.6", { connectorId: 2_147_483_648, errorCode: "NoError", status: "Available" }, "connectorId"],
    [
      "ocpp2.0.1",
      { evseId: 1e15, connectorId: 1, connectorStatus: "Available", timestamp: "2026-11-24T12:00:00Z" },
      "evseId",
    ],
    [
      "ocpp2.1",
      { evseId: 1, connectorId: 1e300, connectorStatus: "Available", timestamp: "2026-11-24T12:00:00Z" },
      "connectorId",
    ],
  ] as const)(
    "%s refuses an id beyond 32 bits as a violation of its property (2.0.1 part 2 §2.1.4)",
    async (protocol, request, field) => {
      running = await testGateway({ database });
      const { services, gateway } = running;
      await services.stations.add("CS001", { registration: "Accepted" });
      const station = await openRaw(`${gateway.url}/CS001`, protocol);
      await ask(station, "boot", "BootNotification", boots[protocol]);
      const [type, , code, description] = await ask(station, "1", "StatusNotification", request);
      expect([type, code]).toEqual([4, "PropertyConstraintViolation"]);
      expect(description).toBe(`${field} must be a whole number from -2147483648 to 2147483647`);
      expect(services.log.lines.filter(({ level }) => level === "error")).toEqual([]);
      station.close();
    },
  );

  it("keeps what a station answers to commands, and why it went, without an error", async () => {
    const test = await testGateway({ database });
    running = test;
    const { services } = test;
    await services.stations.add("CS001", { registration: "Accepted" });
    const peer = await test.station16("CS001", {
      Reset: () => {
        throw new OcppError("GenericError", "a\0b\ud800", { details: { "\0": "\0" } });
      },
      GetConfiguration: () => ({ configurationKey: [{ key: "\0", readonly: false, value: "\0" }], unknownKey: ["\0"] }),
      DataTransfer: () => ({ status: "Accepted", data: "\0" }),
    });
    const by = { requestedBy: "test" };
    expect(await services.commander.call("CS001", "Reset", { type: "Soft" }, by)).toMatchObject({ state: "error" });
    expect(await services.commander.call("CS001", "GetConfiguration", {}, by)).toMatchObject({ state: "completed" });
    expect(await services.commander.call("CS001", "DataTransfer", { vendorId: "x" }, by)).toMatchObject({
      state: "completed",
    });
    await peer.close({ code: 3_000, reason: "a\0b" });
    await until(
      () => services.stations.get("CS001"),
      (row) => row?.connected === 0,
    );
    await services.store.transaction(async () => {});
    expect(services.log.lines.filter(({ level }) => level === "error" || level === "warn")).toEqual([]);
  });
});
