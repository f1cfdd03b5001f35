import { describe, expect, it } from "vitest";
import { acme } from "./acme-protocol.fixture.ts";
import { csms, station } from "./endpoint.ts";

const loose = station as unknown as (protocol: unknown, handlers: object, options?: object) => unknown;

describe("an endpoint", () => {
  it.each([
    [{ Boot: () => ({}) }, {}, "A station receives no Boot: it sends it"],
    [{ Rset: () => ({}) }, {}, "acme has no action Rset to handle"],
    [{ Reset: "no" }, {}, "The handler of Reset is not a function"],
    [
      {},
      { validation: { tolerate: ["everything"] } },
      'acme knows no tolerance "everything"; it knows type, unknown-property',
    ],
    [{}, { validation: { actions: { Rset: {} } } }, "acme has no action Rset to validate"],
    [
      {},
      { validation: { tolerate: ["constructor"] } },
      'acme knows no tolerance "constructor"; it knows type, unknown-property',
    ],
  ])("tells a program without types at start: %#", (handlers, options, message) => {
    expect(() => loose(acme, handlers, options)).toThrow(message);
  });

  it("refuses an action without a validator", () => {
    const broken = { ...acme, actions: { Echo: { name: "Echo", from: "both" } } };
    expect(() => loose(broken, {})).toThrow("acme Echo has no validator");
  });

  it("takes handlers from the methods of an object, bound to it", () => {
    class Handlers {
      readonly #status = "Rejected";
      Reset(): { status: "Rejected" } {
        return { status: this.#status };
      }
      Echo({ token }: { token: number }): { token: number } {
        return { token };
      }
    }
    const endpoint = station(acme, new Handlers());
    expect(endpoint.compiled.get("Reset")?.handler?.({ type: "Soft" }, undefined as never)).toEqual({
      status: "Rejected",
    });
  });

  it("serves what is left out by its fallback, with the name of the action", () => {
    const endpoint = csms(acme, {}, { fallback: (action) => ({ action }) });
    expect(endpoint.compiled.get("Boot")?.handler?.({}, undefined as never)).toEqual({ action: "Boot" });
    expect(endpoint.compiled.get("Reset")?.handler).toBeUndefined();
  });
});
