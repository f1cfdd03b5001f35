import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AuthorizationQuestion, authorize, sameId, type TokenFacts } from "./rules.ts";

const now = 1_000_000;
const facts: TokenFacts = {
  status: "Accepted",
  type: null,
  expiresAt: null,
  groupId: null,
  maxActive: null,
  restrictedTo: null,
};

function ask(token: Partial<TokenFacts> | undefined, question: Partial<AuthorizationQuestion> = {}) {
  return authorize({
    token: token === undefined ? undefined : { ...facts, ...token },
    stationId: "CS001",
    starting: false,
    active: 0,
    now,
    unknownTokens: "refuse",
    ...question,
  });
}

describe("authorize", () => {
  it("accepts a token without limits", () => {
    expect(ask({})).toEqual({ status: "Accepted" });
  });

  it("refuses an unknown token, or accepts it where the operator says so", () => {
    expect(ask(undefined)).toEqual({ status: "Unknown" });
    expect(ask(undefined, { type: "ISO14443" })).toEqual({ status: "Unknown" });
    expect(ask(undefined, { type: "KeyCode" })).toEqual({ status: "Invalid" });
    expect(ask(undefined, { unknownTokens: "accept" })).toEqual({ status: "Accepted" });
  });

  it("always accepts who needs no authorization (C02.FR.02)", () => {
    expect(ask(undefined, { type: "NoAuthorization" })).toEqual({ status: "Accepted" });
  });

  it.each(["Blocked", "Expired", "Invalid"] as const)("says %s of a token whose record does", (status) => {
    expect(ask({ status, groupId: "G", expiresAt: now + 1 })).toEqual({ status, groupId: "G", expiresAt: now + 1 });
  });

  it("says Expired from the moment of expiry on, whatever the record says", () => {
    expect(ask({ expiresAt: now + 1 }).status).toBe("Accepted");
    expect(ask({ expiresAt: now })).toEqual({ status: "Expired", expiresAt: now });
    expect(ask({ expiresAt: now, status: "Blocked" }).status).toBe("Blocked");
  });

  it("takes a token of another type for another token (C01.FR.25)", () => {
    expect(ask({ type: "ISO14443" }, { type: "ISO14443" }).status).toBe("Accepted");
    expect(ask({ type: "ISO14443" }, { type: "eMAID", unknownTokens: "accept" }).status).toBe("Invalid");
    expect(ask({ type: "ISO14443" }).status).toBe("Accepted");
    expect(ask({}, { type: "eMAID" }).status).toBe("Accepted");
  });

  it("keeps a token to its places (C01.FR.22)", () => {
    const restrictedTo = [{ stationId: "CS001", evseId: 2, connectorId: 1 }, { stationId: "CS002" }];
    expect(ask({ restrictedTo }, { stationId: "CS003" }).status).toBe("NotAtThisLocation");
    expect(ask({ restrictedTo }, { stationId: "CS002", evseId: 7 })).toEqual({ status: "Accepted" });
    expect(ask({ restrictedTo }, { evseId: 1 }).status).toBe("NotAtThisLocation");
    expect(ask({ restrictedTo }, { evseId: 2 }).status).toBe("Accepted");
    expect(ask({ restrictedTo }, { evseId: 2, connectorId: 2 }).status).toBe("NotAtThisLocation");
    expect(ask({ restrictedTo: [] }).status).toBe("NotAtThisLocation");
  });

  it("names the EVSEs that a token is limited to, where none was named (C01.FR.19, C01.FR.20)", () => {
    const some = [2, 1, 2].map((evseId) => ({ stationId: "CS001", evseId }));
    expect(ask({ restrictedTo: some }).evseIds).toEqual([1, 2]);
    expect(ask({ restrictedTo: some }, { evseId: 1 }).evseIds).toBeUndefined();
    expect(ask({ restrictedTo: [...some, { stationId: "CS001" }] }).evseIds).toBeUndefined();
    expect(ask({}).evseIds).toBeUndefined();
  });

  it("limits concurrent transactions where one starts, and only there", () => {
    expect(ask({ maxActive: 1 }, { starting: true, active: 0 }).status).toBe("Accepted");
    expect(ask({ maxActive: 1, groupId: "G" }, { starting: true, active: 1 })).toEqual({
      status: "ConcurrentTx",
      groupId: "G",
    });
    expect(ask({ maxActive: 1 }, { active: 1 }).status).toBe("Accepted");
    expect(ask({ maxActive: 0 }).status).toBe("Blocked");
  });

  it("lets a master pass end transactions and start none (C12.FR.09, C16.FR.03)", () => {
    const masterPassGroupId = "MASTERPASS";
    expect(ask({ groupId: "masterpass" }, { masterPassGroupId })).toEqual({
      status: "Accepted",
      groupId: "masterpass",
    });
    expect(ask({ groupId: "masterpass" }, { masterPassGroupId, starting: true })).toEqual({
      status: "Invalid",
      groupId: "masterpass",
    });
    expect(ask({ groupId: "other" }, { masterPassGroupId, starting: true }).status).toBe("Accepted");
    expect(ask({}, { masterPassGroupId: null, starting: true }).status).toBe("Accepted");
  });

  it("gives group and expiry of a known token whatever the status, and accepts none that one limit forbids", () => {
    const arbitrary: fc.Arbitrary<TokenFacts> = fc.record({
      status: fc.constantFrom("Accepted", "Blocked", "Expired", "Invalid"),
      type: fc.constantFrom(null, "ISO14443", "eMAID"),
      expiresAt: fc.option(fc.integer({ min: now - 10, max: now + 10 })),
      groupId: fc.constantFrom(null, "G", "MASTER"),
      maxActive: fc.option(fc.nat(3)),
      restrictedTo: fc.option(
        fc.array(fc.record({ stationId: fc.constantFrom("CS001", "CS002"), evseId: fc.constantFrom(1, 2) }), {
          maxLength: 3,
        }),
      ),
    });
    fc.assert(
      fc.property(
        arbitrary,
        fc.boolean(),
        fc.nat(3),
        fc.constantFrom(undefined, 1, 2),
        (token, starting, active, evseId) => {
          const answer = ask(token, { starting, active, evseId, type: "ISO14443", masterPassGroupId: "MASTER" });
          expect(answer.groupId).toBe(token.groupId ?? undefined);
          expect(answer.expiresAt).toBe(token.expiresAt ?? undefined);
          const forbidden =
            token.status !== "Accepted" ||
            token.type === "eMAID" ||
            (token.expiresAt !== null && token.expiresAt <= now) ||
            token.maxActive === 0 ||
            token.restrictedTo?.every(
              (place) => place.stationId !== "CS001" || (evseId !== undefined && place.evseId !== evseId),
            ) === true ||
            (starting && (token.groupId === "MASTER" || (token.maxActive !== null && active >= token.maxActive)));
          expect(answer.status === "Accepted").toBe(!forbidden);
        },
      ),
    );
  });
});

describe("sameId", () => {
  it("disregards case, and takes nothing for the same as something", () => {
    expect([sameId("aB", "Ab"), sameId("a", "b"), sameId(null, "a"), sameId("", undefined)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
