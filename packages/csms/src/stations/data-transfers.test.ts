import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CsmsEvent } from "../events/events.ts";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { createSystemLog } from "../observability/system-log.ts";
import { ConflictError } from "../shared/service-error.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { toldBy } from "../transactions/recorder.fixture.ts";
import { createDataTransfers, type DataTransfers } from "./data-transfers.ts";

for (const database of databases.filter(({ kind }) => kind === "sqlite")) {
  describe("data transfers", () => {
    let store: Store;
    let transfers: DataTransfers;
    let events: CsmsEvent[];

    beforeAll(async () => {
      store = await database.open();
    });

    beforeEach(() => {
      const infrastructure = testInfrastructure(store);
      transfers = createDataTransfers(infrastructure, createSystemLog(infrastructure));
      events = [];
      infrastructure.events.subscribe((event) => events.push(event));
    });

    afterAll(() => database.remove());

    const receive = (vendorId: string, messageId?: string, data?: unknown) =>
      transfers.receive({ stationId: "CS001", vendorId, messageId, data });

    it("knows no vendor without a handler, and no message without one", async () => {
      expect(await receive("acme", "hello")).toEqual({ status: "UnknownVendorId" });
      transfers.handle("acme", "hello", () => ({ status: "Accepted" }));
      expect(await receive("acme", "other")).toEqual({ status: "UnknownMessageId" });
      expect(await receive("acme")).toEqual({ status: "UnknownMessageId" });
      expect(await receive("ACME", "hello")).toEqual({ status: "UnknownVendorId" });
      expect((await toldBy(store, events)).map(({ data }) => data)).toMatchObject([
        { vendorId: "acme", messageId: "hello", status: "UnknownVendorId" },
        { status: "UnknownMessageId" },
        { status: "UnknownMessageId" },
        { status: "UnknownVendorId" },
      ]);
    });

    it("asks the handler of the message before that of all messages", async () => {
      transfers.handle("acme", undefined, ({ messageId }) => ({ status: "Rejected", data: messageId }));
      transfers.handle("acme", "hello", ({ data }) => Promise.resolve({ status: "Accepted", data }));
      expect(await receive("acme", "hello", { a: 1 })).toEqual({ status: "Accepted", data: { a: 1 } });
      expect(await receive("acme", "other")).toEqual({ status: "Rejected", data: "other" });
      expect(await receive("acme")).toEqual({ status: "Rejected" });
    });

    it("has one handler for each, and forgets one that was taken away", async () => {
      const remove = transfers.handle("acme", "hello", () => ({ status: "Accepted" }));
      expect(() => transfers.handle("acme", "hello", () => ({ status: "Accepted" }))).toThrow(ConflictError);
      remove();
      remove();
      expect(await receive("acme", "hello")).toEqual({ status: "UnknownVendorId" });
      transfers.handle("acme", "hello", () => ({ status: "Rejected" }));
      remove();
      expect(await receive("acme", "hello")).toEqual({ status: "Rejected" });
    });

    it("answers Rejected where a handler fails, and says so without the data", async () => {
      transfers.handle("acme", "a", () => {
        throw new Error("secret");
      });
      transfers.handle("acme", "b", () => Promise.reject(new Error("secret")));
      expect(await receive("acme", "a", "secret")).toEqual({ status: "Rejected" });
      expect(await receive("acme", "b", "secret")).toEqual({ status: "Rejected" });
      expect((await toldBy(store, events)).filter(({ kind }) => kind === "system.log")).toHaveLength(2);
      expect(JSON.stringify(events)).not.toContain("secret");
    });
  });
}
