import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Answer, type Player, play } from "../conformance/support/player.ts";
import { useCleanup } from "../durability/cleanup.ts";
import { postgresDatabase, postgresMissing } from "../durability/database.ts";
import { openStage } from "./stage.ts";

const cleanup = useCleanup();
const noPostgres = await postgresMissing();

/** JSON can say it, and texts of PostgreSQL cannot hold it. */
const nul = "A\u0000B";

const databases = [
  { name: "SQLite", missing: undefined },
  { name: "PostgreSQL", missing: noPostgres },
];

describe.each(databases)("a NUL character on $name", ({ name, missing }) => {
  it.skipIf(missing !== undefined)(
    `in a message of a station gets an answer that says so, or is kept, and spoils nothing else${missing === undefined ? "" : ` (${missing})`}`,
    async () => {
      let store = {};
      if (name === "PostgreSQL") {
        const database = await postgresDatabase();
        cleanup(() => database.remove());
        const { DB_HOST: host, DB_PORT: port, DB_USER: user } = database.variables;
        store = { type: "postgres", postgres: { host, port: Number(port), user, database: database.name } };
      }
      const stage = await openStage({ store, tokens: { unknown: "accept" }, log: { level: "info" } });
      cleanup(() => stage.close());
      const players: Player[] = [];
      for (const [id, protocol] of [
        ["OLD", "ocpp1.6"],
        ["YOUNG", "ocpp2.0.1"],
      ] as const) {
        await stage.operator.post("/api/v1/stations", { id, registration: "Accepted" });
        const player = await play({ url: stage.url, identity: id, protocol });
        cleanup(() => player.close());
        players.push(player);
      }
      const [old, young] = players;
      if (old === undefined || young === undefined) throw new Error("There are two stations");
      await old.say("BootNotification", { chargePointVendor: "A", chargePointModel: "B" });
      await young.say("BootNotification", { reason: "PowerUp", chargingStation: { vendorName: "A", model: "B" } });

      const timestamp = new Date().toISOString();
      const odd = (player: Player, action: string, payload: object) => ({ player, action, payload });
      const messages = [
        odd(old, "BootNotification", { chargePointVendor: nul, chargePointModel: nul }),
        odd(old, "Authorize", { idTag: nul }),
        odd(old, "StatusNotification", { connectorId: 1, status: "Faulted", errorCode: "OtherError", info: nul }),
        odd(old, "DataTransfer", { vendorId: nul, messageId: nul, data: nul }),
        odd(old, "SecurityEventNotification", { type: nul, timestamp, techInfo: nul }),
        odd(old, "StartTransaction", { connectorId: 1, idTag: nul, meterStart: 0, timestamp }),
        odd(old, "StopTransaction", { transactionId: 4711, idTag: nul, meterStop: 0, timestamp }),
        odd(old, "MeterValues", { connectorId: 1, meterValue: [{ timestamp, sampledValue: [{ value: nul }] }] }),
        odd(young, "TransactionEvent", {
          eventType: "Started",
          timestamp,
          triggerReason: "Authorized",
          seqNo: 0,
          transactionInfo: { transactionId: nul },
          idToken: { idToken: nul, type: "ISO14443" },
        }),
        odd(young, "NotifyEvent", {
          generatedAt: timestamp,
          seqNo: 0,
          eventData: [
            {
              eventId: 1,
              timestamp,
              trigger: "Delta",
              actualValue: nul,
              eventNotificationType: "CustomMonitor",
              component: { name: nul },
              variable: { name: nul },
            },
          ],
        }),
      ];
      const answers: [string, Answer][] = [];
      for (const { player, action, payload } of messages) {
        answers.push([action, await player.ask(action, payload)]);
        // Whatever became of it, what comes next is served.
        const began = { connectorId: 2, idTag: "GOOD", meterStart: 0, timestamp: new Date().toISOString() };
        await expect(old.say("StartTransaction", began)).resolves.toHaveProperty("transactionId");
      }
      // An InternalError makes a station repeat the same message for ever.
      const internal = answers.filter(([, answer]) => "error" in answer && answer.error === "InternalError");
      expect(internal.map(([action]) => action)).toEqual([]);

      const transactionId = randomUUID();
      await young.say("TransactionEvent", {
        eventType: "Started",
        timestamp,
        triggerReason: "CablePluggedIn",
        seqNo: 0,
        transactionInfo: { transactionId },
      });
      const told = await stage.operator.get<{ idToken: string | null }[]>("/api/v1/transactions?limit=1000");
      expect(told.filter(({ idToken }) => idToken === "GOOD")).toHaveLength(messages.length);
      const frames = await stage.operator.get<unknown[]>("/api/v1/messages?limit=1000");
      expect(frames.length).toBeGreaterThan(messages.length * 2);
    },
  );
});
