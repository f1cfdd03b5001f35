import { type IncomingMessage, request } from "node:http";
import { HandshakeError } from "@ocpp/websocket";
import { afterEach, describe, expect, it } from "vitest";
import { createPasswordHashes } from "../stations/password.ts";
import { enterPredefinedStations } from "../stations/predefined.ts";
import { createStationRegistry } from "../stations/registry.ts";
import { enterPredefinedTokens } from "../tokens/predefined.ts";
import { type TestGateway, testGateway, until } from "./gateway.fixture.ts";
import { basic, upgrade, upgradeHeaders } from "./raw-station.fixture.ts";

let running: TestGateway | undefined;

async function start(options: Parameters<typeof testGateway>[0] = {}): Promise<TestGateway> {
  running = await testGateway(options);
  return running;
}

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

const password = "correct-horse-battery";
const hexKey = "00112233445566778899AABBCCDDEEFF00112233";

/** The status that an upgrade gets. */
async function statusOf(test: TestGateway, identity: string, authorization?: string): Promise<number> {
  const answer = await upgrade(`${test.gateway.url.replace(/\/$/, "")}/${identity}`, "ocpp2.0.1", authorization);
  if ("socket" in answer) answer.socket.destroy();
  return answer.status;
}

describe("unknown stations", () => {
  it("are refused with 404 and listed as unknown", async () => {
    const test = await start();
    const { stations } = test.services;
    expect(await statusOf(test, "NEW")).toBe(404);
    expect(await statusOf(test, "NEW", basic("NEW", password))).toBe(404);
    await until(
      () => stations.unknown(),
      ([first]) => first?.attempts === 2,
    );
    expect(await stations.unknown()).toMatchObject([
      { identity: "NEW", remote_address: "127.0.0.1", subprotocols: "ocpp2.0.1" },
    ]);
    await expect.poll(() => test.events.filter(({ kind }) => kind === "station.refused")).toHaveLength(1);
    await stations.add("NEW", {});
    expect(await stations.unknown()).toEqual([]);
    expect(await statusOf(test, "NEW")).toBe(101);
  });

  it("are taken in as Pending or Accepted where the operator says so, with the password that they show", async () => {
    const test = await start({ configuration: { stations: { unknown: "pending" } } });
    expect(await statusOf(test, "NEW", basic("NEW", password))).toBe(101);
    expect(await test.services.stations.get("NEW")).toMatchObject({ registration: "Pending" });
    expect(await statusOf(test, "NEW")).toBe(401);
    expect(await statusOf(test, "NEW", basic("NEW", "something-else-now"))).toBe(401);
    expect(await statusOf(test, "NEW", basic("NEW", password))).toBe(101);
    const key = Buffer.from(hexKey, "hex");
    expect(await statusOf(test, "KEY", basic("KEY", key))).toBe(101);
    expect(await statusOf(test, "KEY", basic("KEY", hexKey))).toBe(101);
    expect(await statusOf(test, "KEY")).toBe(401);
  });

  it("are not taken in with a password that is too short to be theirs (A00.FR.205)", async () => {
    const test = await start({ configuration: { stations: { unknown: "accept" } } });
    expect(await statusOf(test, "A", basic("A", "x".repeat(15)))).toBe(404);
    expect(await statusOf(test, "A", basic("A", "x".repeat(65)))).toBe(404);
    expect(await test.services.stations.get("A")).toBeUndefined();
    const logs = await until(
      () => test.services.store.reader.selectFrom("logs").selectAll().execute(),
      (rows) => rows.some(({ message }) => message.includes("stations.passwords.minLength")),
    );
    expect(JSON.stringify(logs)).not.toContain("xxxxx");
    expect(await statusOf(test, "A", basic("A", "x".repeat(16)))).toBe(101);
  });

  it("are not taken in without a password where all must have one", async () => {
    const webSocket = { securityProfiles: [1] };
    const test = await start({ configuration: { webSocket, stations: { unknown: "accept" } } });
    expect(await statusOf(test, "A")).toBe(401);
    expect(await statusOf(test, "A", basic("A", ""))).toBe(404);
    expect(await test.services.stations.get("A")).toBeUndefined();
    expect(await statusOf(test, "A", basic("A", password))).toBe(101);
    expect(await test.services.stations.get("A")).toMatchObject({ registration: "Accepted", security_profile: 1 });
  });
});

describe("where it is not told which stations there are", () => {
  it("an unknown one is refused as one with a wrong password is, after a check that costs as much", async () => {
    let checks = 0;
    const hashes = createPasswordHashes({
      checked: () => {
        checks += 1;
      },
    });
    const stations = { hideUnknown: true, passwords: { pairFailures: 3 } };
    const configuration = { stations, webSocket: { securityProfiles: [1, 2] } };
    const test = await start({ configuration, hashes });
    await test.services.stations.add("KNOWN", { password });
    await test.services.stations.add("STRICT", { securityProfile: 2 });
    const answerOf = async (identity: string, authorization?: string) => {
      const before = checks;
      const url = new URL(`/${identity}`, test.gateway.url.replace("ws", "http"));
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const headers = upgradeHeaders("ocpp2.0.1", authorization);
        request(url, { headers }, resolve).on("error", reject).end();
      });
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      return { status: response.statusCode, headers: response.rawHeaders, body, checks: checks - before };
    };
    const nothing = await answerOf("KNOWN");
    expect(nothing).toMatchObject({ status: 401, checks: 0 });
    const wrong = await answerOf("KNOWN", basic("KNOWN", "wrong-password"));
    expect(wrong).toMatchObject({ status: 401, checks: 1 });
    for (const identity of ["UNKNOWN", "ELSE"]) {
      expect(await answerOf(identity)).toEqual(nothing);
      expect(await answerOf(identity, basic(identity, "wrong-password"))).toEqual(wrong);
    }
    expect(await answerOf("STRICT", basic("STRICT", "wrong-password"))).toMatchObject({ status: 401 });
    // The limits are the same, too.
    const statuses = async (identity: string) => {
      const all: (number | undefined)[] = [];
      for (let index = 0; index < 5; index += 1) {
        all.push((await answerOf(identity, basic(identity, `guess-${index}`))).status);
      }
      return all;
    };
    expect(await statuses("KNOWN-NOT")).toEqual([401, 401, 401, 429, 429]);
    expect((await test.services.stations.unknown()).map(({ identity }) => identity)).toContain("UNKNOWN");
  });
});

describe("passwords", () => {
  it("are demanded of a station that has one, also where profile 0 is served (A00.FR.204)", async () => {
    const test = await start();
    await test.services.stations.add("CS001", { password });
    expect(await statusOf(test, "CS001")).toBe(401);
    expect(await statusOf(test, "CS001", basic("CS001", ""))).toBe(401);
    expect(await statusOf(test, "CS001", basic("CS001", "wrong-password-here"))).toBe(401);
    expect(await statusOf(test, "CS001", basic("CS001Invalid", password))).toBe(401);
    expect(await statusOf(test, "CS001", "Basic ###")).toBe(401);
    expect(await statusOf(test, "CS001", basic("CS001", password))).toBe(101);
    const logs = await until(
      () => test.services.store.reader.selectFrom("logs").selectAll().where("station_id", "=", "CS001").execute(),
      ({ length }) => length > 1,
    );
    expect(JSON.stringify(logs) + JSON.stringify(test.services.log.lines)).not.toContain("wrong-password-here");
  });

  it("are checked where only profile 0 is served, too", async () => {
    const test = await start({ configuration: { webSocket: { securityProfiles: [0] } } });
    await test.services.stations.add("CS001", { password });
    expect(await statusOf(test, "CS001")).toBe(401);
    expect(await statusOf(test, "CS001", basic("OTHER", password))).toBe(401);
    expect(await statusOf(test, "CS001", basic("CS001", password))).toBe(101);
  });

  it("with a colon work, and keys of 1.6 as bytes and as digits in either case", async () => {
    const test = await start();
    await test.services.stations.add("A", { password: "a:colon:password" });
    expect(await statusOf(test, "A", basic("A", "a:colon:password"))).toBe(101);
    await test.services.stations.add("B", { password: hexKey });
    expect(await statusOf(test, "B", basic("B", Buffer.from(hexKey, "hex")))).toBe(101);
    expect(await statusOf(test, "B", basic("B", hexKey.toLowerCase()))).toBe(101);
    expect(await statusOf(test, "B", basic("B", hexKey.replace("0", "1")))).toBe(401);
  });

  it("are hashed once for many connections at a time, and not again later, right or wrong", async () => {
    let checks = 0;
    const hashes = createPasswordHashes({
      checked: () => {
        checks += 1;
      },
    });
    const test = await start({ hashes });
    const ids = Array.from({ length: 20 }, (_none, index) => `CS${index}`);
    // As another process entered them, so that this one knows no password yet.
    const other = createStationRegistry(test.services, test.services.systemLog);
    await Promise.all(ids.map((id) => other.add(id, { password: `${password}-${id}` })));
    const all = (): Promise<number[]> =>
      Promise.all(
        Array.from({ length: 200 }, (_none, index) => {
          const id = ids[index % ids.length] ?? "";
          return statusOf(test, id, basic(id, `${password}-${id}`));
        }),
      );
    const first = await all();
    // Of several connections of a station at once only the newest is kept, the others are told so.
    expect(new Set(first)).toEqual(new Set(first.includes(409) ? [101, 409] : [101]));
    expect(checks).toBe(20);
    const start2 = performance.now();
    await all();
    expect(checks).toBe(20);
    expect(performance.now() - start2).toBeLessThan(5_000);
    expect(await statusOf(test, "CS0", basic("CS0", "wrong-one-entirely"))).toBe(401);
    expect(await statusOf(test, "CS0", basic("CS0", "wrong-one-entirely"))).toBe(401);
    expect(checks).toBe(20);
  });

  it("do not let a flood of wrong ones at one station hold up another", async () => {
    const test = await start();
    await test.services.stations.add("VICTIM", { password });
    await test.services.stations.add("OTHER", { password });
    const flood = Array.from({ length: 60 }, (_none, index) =>
      statusOf(test, "VICTIM", basic("VICTIM", `guess-number-${index}-xx`)),
    );
    expect(await statusOf(test, "OTHER", basic("OTHER", password))).toBe(101);
    const answers = await Promise.all(flood);
    // Ten a minute, and some more where the machine is busy with other things.
    const refused = answers.filter((status) => status === 401).length;
    expect(refused).toBeGreaterThanOrEqual(10);
    expect(refused).toBeLessThan(20);
    expect(answers.filter((status) => status === 429)).toHaveLength(60 - refused);
    expect(await statusOf(test, "VICTIM", basic("VICTIM", password))).toBe(101);
  });
});

describe("security profiles", () => {
  it("below that of the station are refused", async () => {
    const test = await start();
    await test.services.stations.add("A", { password, securityProfile: 1 });
    await test.services.stations.add("B", { password, securityProfile: 2 });
    expect(await statusOf(test, "A")).toBe(401);
    expect(await statusOf(test, "A", basic("A", password))).toBe(101);
    expect(await statusOf(test, "B", basic("B", password))).toBe(403);
  });

  it("without a password on record count as 0, whatever is shown", async () => {
    const test = await start();
    await test.services.stations.add("A", {});
    await test.services.stations.add("B", { securityProfile: 1 });
    expect(await statusOf(test, "A", basic("A", password))).toBe(101);
    expect(await statusOf(test, "B", basic("B", password))).toBe(403);
  });
});

describe("a new password through the protocol (A01)", () => {
  const next = "a-wholly-new-password";
  const accept = { SetVariables: () => ({ setVariableResult: [result("Accepted")] }) } as const;

  function result<S extends string>(attributeStatus: S) {
    return {
      attributeStatus,
      component: { name: "SecurityCtrlr" },
      variable: { name: "BasicAuthPassword" },
    } as const;
  }

  it("is in force once the station accepts it, and the old one no more (A01.FR.03)", async () => {
    const test = await start();
    await test.services.stations.add("CS001", { password });
    await test.station201("CS001", accept, { password });
    expect(await test.services.operations.changePassword("CS001", next, "test")).toMatchObject({ accepted: true });
    expect(await statusOf(test, "CS001", basic("CS001", password))).toBe(401);
    expect(await statusOf(test, "CS001", basic("CS001", next))).toBe(101);
    const rows = await test.services.store.reader.selectFrom("stations").selectAll().execute();
    const others = await test.services.store.reader.selectFrom("commands").selectAll().execute();
    expect(JSON.stringify([rows, others, test.events])).not.toContain(next);
  });

  it("is not in force where the station refuses it, by an answer or by a CALLERROR (A01.FR.04)", async () => {
    const test = await start();
    await test.services.stations.add("CS001", { password });
    await test.station201("CS001", { SetVariables: () => ({ setVariableResult: [result("Rejected")] }) }, { password });
    expect(await test.services.operations.changePassword("CS001", next, "test")).toMatchObject({ accepted: false });
    expect(await statusOf(test, "CS001", basic("CS001", next))).toBe(401);
    await test.station201("CS001", {}, { password });
    await expect(test.services.operations.changePassword("CS001", next, "test")).rejects.toMatchObject({
      code: "NotSupported",
    });
    expect(await statusOf(test, "CS001", basic("CS001", next))).toBe(401);
    expect(await statusOf(test, "CS001", basic("CS001", password))).toBe(101);
  });

  it("that was not answered is settled when the station shows it", async () => {
    const test = await start({ configuration: { commands: { timeout: 0.2 } } });
    await test.services.stations.add("CS001", { password });
    const never = { SetVariables: () => new Promise<never>(() => {}) };
    await test.station201("CS001", never, { password });
    const changed = test.services.operations.changePassword("CS001", next, "test");
    // While the answer is awaited the old one works, and that settles nothing.
    await until(
      () => test.services.stations.get("CS001"),
      (row) => row?.next_password_hash !== null,
    );
    await expect(changed).rejects.toMatchObject({ code: "Timeout" });
    // It may take the new one with its next reboot only.
    expect(await statusOf(test, "CS001", basic("CS001", password))).toBe(101);
    expect(await statusOf(test, "CS001", basic("CS001", next))).toBe(101);
    expect(await statusOf(test, "CS001", basic("CS001", password))).toBe(401);
    expect(await statusOf(test, "CS001", basic("CS001", next))).toBe(101);
  });

  it("has at most 40 characters, unless the station has reported that it takes more (A00.FR.205)", async () => {
    const test = await start();
    const { operations, stations } = test.services;
    await stations.add("CS001", { password });
    const sent: unknown[] = [];
    const handlers = {
      SetVariables: ({ setVariableData }: { setVariableData: readonly { attributeValue: string }[] }) => {
        sent.push(setVariableData[0]?.attributeValue);
        return { setVariableResult: [result("Accepted")] };
      },
    };
    const station = await test.station201("CS001", handlers, { password });
    await station.call("BootNotification", {
      reason: "PowerUp",
      chargingStation: { vendorName: "Acme", model: "Test" },
    });
    const forty = "x".repeat(40);
    const long = "y".repeat(64);
    await operations.changePassword("CS001", forty, "test");
    await expect(operations.changePassword("CS001", long, "test")).rejects.toThrow("16 to 40");
    const report = async (maxLimit: number) => {
      await station.call("NotifyReport", {
        requestId: 1,
        generatedAt: new Date().toISOString(),
        seqNo: 0,
        reportData: [
          {
            component: { name: "securityctrlr" },
            variable: { name: "basicauthpassword" },
            variableAttribute: [{ mutability: "WriteOnly" }],
            variableCharacteristics: { dataType: "string", maxLimit, supportsMonitoring: false },
          },
        ],
      });
    };
    await report(48);
    await expect(operations.changePassword("CS001", long, "test")).rejects.toThrow("the station takes 48");
    await report(100);
    await expect(operations.changePassword("CS001", `${long}y`, "test")).rejects.toThrow("16 to 64");
    await operations.changePassword("CS001", long, "test");
    expect(sent).toEqual([forty, long]);
    expect(await statusOf(test, "CS001", basic("CS001", long))).toBe(101);
    expect(await stations.get("CS001")).toMatchObject({ password_limit: 100 });
  });

  it("goes as a key of 1.6, also by the generic command", async () => {
    const test = await start();
    await test.services.stations.add("CS001", { password });
    const sent: unknown[] = [];
    const handlers = {
      ChangeConfiguration: (request: { key: string; value: string }) => {
        sent.push(request);
        return { status: "Accepted" } as const;
      },
    };
    await test.station16("CS001", handlers, { password });
    await test.services.operations.changePassword("CS001", "sixteen-bytes-ok", "test");
    expect(sent).toEqual([{ key: "AuthorizationKey", value: Buffer.from("sixteen-bytes-ok").toString("hex") }]);
    expect(await statusOf(test, "CS001", basic("CS001", "sixteen-bytes-ok"))).toBe(101);
    await test.station16("CS001", handlers, { password: "sixteen-bytes-ok" });
    await expect(test.services.operations.changePassword("CS001", "short", "test")).rejects.toThrow("16 to 20 bytes");
    await test.services.commander.call(
      "CS001",
      "ChangeConfiguration",
      { key: "AuthorizationKey", value: hexKey },
      { requestedBy: "test" },
    );
    expect(await statusOf(test, "CS001", basic("CS001", "sixteen-bytes-ok"))).toBe(401);
    expect(await statusOf(test, "CS001", basic("CS001", Buffer.from(hexKey, "hex")))).toBe(101);
  });
});

it("raises the profile of a station that has accepted a higher one and shows it (A05.FR.07)", async () => {
  const test = await start();
  await test.services.stations.add("CS001", { password, securityProfile: 0 });
  expect(await statusOf(test, "CS001", basic("CS001", password))).toBe(101);
  expect((await test.services.stations.get("CS001"))?.security_profile).toBe(0);
  await test.station16("CS001", { ChangeConfiguration: () => ({ status: "Accepted" }) }, { password });
  await test.services.operations.changeConfiguration("CS001", "SecurityProfile", "1", "test");
  expect((await test.services.stations.get("CS001"))?.security_profile).toBe(0);
  expect(await statusOf(test, "CS001", basic("CS001", password))).toBe(101);
  expect((await test.services.stations.get("CS001"))?.security_profile).toBe(1);
  expect(await statusOf(test, "CS001")).toBe(401);
});

it("enters the stations that the configuration names, once", async () => {
  const predefined = [{ identity: "PRE", password, heartbeatInterval: 5, registration: "Pending", securityProfile: 1 }];
  const test = await start({ configuration: { stations: { predefined } } });
  expect(await test.services.stations.get("PRE")).toMatchObject({
    registration: "Pending",
    heartbeat_interval: 5,
    security_profile: 1,
  });
  expect(await statusOf(test, "PRE", basic("PRE", password))).toBe(101);
  await test.services.stations.change("PRE", { registration: "Accepted" });
  await enterPredefinedStations(test.services.stations, test.services.configuration);
  expect((await test.services.stations.get("PRE"))?.registration).toBe("Accepted");
});

it("enters the id tokens that the configuration names, once", async () => {
  const predefined = [{ token: "04AB", groupId: "FLEET", restrictedTo: ["CS1"] }, "PLAIN"];
  const test = await start({ configuration: { tokens: { predefined } } });
  const { tokens, configuration } = test.services;
  const question = { stationId: "CS1", starting: true };
  expect(await tokens.authorize({ ...question, token: "04ab" })).toMatchObject({
    status: "Accepted",
    groupId: "FLEET",
  });
  expect(await tokens.authorize({ ...question, token: "04ab", stationId: "CS2" })).toMatchObject({
    status: "NotAtThisLocation",
  });
  expect(await tokens.authorize({ ...question, token: "PLAIN" })).toMatchObject({ status: "Accepted" });
  await tokens.put("PLAIN", { status: "Blocked" });
  await enterPredefinedTokens(tokens, configuration);
  expect(await tokens.get("PLAIN")).toMatchObject({ status: "Blocked" });
});

it("serves a station without a boot that is marked as having booted", async () => {
  const predefined = [{ identity: "PRE", booted: true }];
  const test = await start({ configuration: { stations: { predefined } } });
  const { stations } = test.services;
  await stations.add("MARKED", { booted: true });
  await stations.add("NEW", {});
  for (const identity of ["PRE", "MARKED"]) {
    expect(await (await test.station16(identity)).call("Heartbeat", {})).toHaveProperty("currentTime");
  }
  const fresh = await test.station16("NEW");
  await expect(fresh.call("Heartbeat", {})).rejects.toMatchObject({ code: "SecurityError" });
  // It counts for the connection that there is, and can be taken back.
  await stations.change("NEW", { booted: true });
  expect(await fresh.call("Heartbeat", {})).toHaveProperty("currentTime");
  await stations.change("NEW", { booted: false });
  await expect(fresh.call("Heartbeat", {})).rejects.toMatchObject({ code: "SecurityError" });
  const refusal = { name: "InvalidRequestError" };
  await expect(stations.add("P", { registration: "Pending", booted: true })).rejects.toMatchObject(refusal);
  await stations.add("P", { registration: "Pending" });
  await expect(stations.change("P", { booted: true })).rejects.toMatchObject(refusal);
  await stations.change("P", { registration: "Accepted", booted: true });
  expect(await stations.get("P")).toMatchObject({ booted: 1 });
});

it("asks a station to come again where the database does not answer", async () => {
  const test = await start();
  await test.services.stations.add("CS001", {});
  await test.services.store.close();
  expect(await statusOf(test, "CS001")).toBe(503);
});

it("refuses with an error that the SDK's client knows", async () => {
  const test = await start();
  await test.services.stations.add("CS001", { password });
  await expect(test.station201("CS001", {}, { password: "not-the-right-one" })).rejects.toBeInstanceOf(HandshakeError);
});
