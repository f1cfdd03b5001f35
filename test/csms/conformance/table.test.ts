/* The requirements, the tests that cite them and the published table, held together. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "./catalogue.ts";
import { citationsIn, cited, citingFiles, readCitations } from "./catalogue-citations.ts";
import { formatDocument } from "./table.ts";
import { standings } from "./table-standing.ts";
import { verifies } from "./verifies.ts";

const catalogue = readCatalogue();
const citations = readCitations();
const published = new URL("../../../docs/conformance.md", import.meta.url);

/** The blocks whose core cases this product covers; D, H, I, K and O have none, L, M and N are not built. */
const covered = new Set(["A", "B", "C", "E", "F", "G", "J", "P"]);

describe("the catalogue", () => {
  it("has all test cases of part 6 for a CSMS and all requirements of part 2, each once", () => {
    expect(catalogue.testCases).toHaveLength(135);
    expect(catalogue.requirements.filter(({ useCase }) => useCase !== "A00")).toHaveLength(1_188);
    const all = [...catalogue.testCases, ...catalogue.requirements, ...catalogue.operations, ...catalogue.errata];
    expect(all).toHaveLength(catalogue.ids.size);
  });

  it("names only what it has: requirements and use cases of a test case, conditions, and what is not tested", () => {
    const named = catalogue.testCases.flatMap(({ requirements }) => requirements);
    expect(named.filter((id) => !catalogue.ids.has(id))).toEqual([]);
    const useCases = [
      ...catalogue.testCases.flatMap(({ useCases }) => useCases),
      ...catalogue.requirements.map(({ useCase }) => useCase),
    ];
    expect(useCases.filter((useCase) => !catalogue.useCases.has(useCase))).toEqual([]);
    const conditions = catalogue.testCases.flatMap(({ condition }) => condition?.match(/[A-Z]+-[\d.]+/g) ?? []);
    expect(conditions.filter((number) => !catalogue.conditions.has(number))).toEqual([]);
    expect(catalogue.gaps.filter((id) => !catalogue.ids.has(id) && !catalogue.useCases.has(id))).toEqual([]);
  });

  it("gives a condition to every conditional test case, and to no other", () => {
    const wrong = catalogue.testCases.filter(({ status, condition }) => (status === "C") !== (condition !== undefined));
    expect(wrong).toEqual([]);
  });
});

describe("citations", () => {
  it("are read from verifies and from titles, and not from tests that are skipped", () => {
    const source = `
      it("answers (B01.FR.02)", () => { verifies("TC_B_01_CSMS", 'B02.FR.06'); });
      it.each([1, 2])("asks %s for 1.6/errata/3.18.", () => {});
      it.skip("B03.FR.03", () => { verifies("B03.FR.07"); });
      describe.todo("TC_B_30_CSMS");
      say("B05.FR.11");`;
    const ids = cited(source).citations.map(({ id }) => id);
    expect(ids).toEqual(["B01.FR.02", "TC_B_01_CSMS", "B02.FR.06", "1.6/errata/3.18"]);
  });

  it("tell where verifies got what cannot be read", () => {
    expect(cited("const id = 1;\nverifies(id, ...ids);").unreadable).toEqual([2, 2]);
  });

  it("name only what the catalogue has, and are literals", () => {
    const faults = citingFiles().flatMap((file) => {
      const { citations, unreadable } = citationsIn(file);
      const unknown = citations.filter(({ id }) => !catalogue.ids.has(id));
      return [
        ...unknown.map(({ id, line }) => `${file}:${line}: ${id} is unknown`),
        ...unreadable.map((line) => `${file}:${line}: verifies takes string literals`),
      ];
    });
    expect(faults).toEqual([]);
  });

  it("of an unknown id throw where the test runs", () => {
    expect(() => verifies("B01.FR.02", "TC_B_01_CSMS", "1.6/BootNotification")).not.toThrow();
    expect(() => verifies("B01.FR.02", "B01.FR.99")).toThrow("B01.FR.99");
  });

  it("leave nothing behind that says of a cited id that it is not tested", () => {
    expect(catalogue.gaps.filter((id) => citations.has(id))).toEqual([]);
  });
});

describe("a standing", () => {
  it("follows from citations first, then from what is written down, and is missing otherwise", () => {
    const standingOf = standings(catalogue, new Map([["A02.FR.11", ["test/some.test.ts"]]]));
    expect(standingOf("A02.FR.11")).toEqual({ status: "tested", why: "", files: ["test/some.test.ts"] });
    expect(standingOf("A02.FR.12")).toMatchObject({
      status: "missing",
      why: "certificates and their signing are not built",
    });
    expect(standingOf("P01.FR.04").status).toBe("not-applicable");
    expect(standingOf("B01.FR.02")).toMatchObject({ status: "missing", why: "no test cites it yet" });
  });
});

describe("what must be tested", () => {
  it("is: every core test case of the blocks that are built", () => {
    const due = catalogue.testCases.filter(
      ({ block, profile, certificates }) => covered.has(block) && profile === "core" && certificates === "none",
    );
    expect(due.length).toBeGreaterThan(90);
    expect(due.map(({ id }) => id).filter((id) => !citations.has(id))).toEqual([]);
  });

  it("is: every operation of OCPP 1.6 and every erratum that binds, or its absence is explained", () => {
    const due = [...catalogue.operations, ...catalogue.errata].filter(({ level }) => level !== "may");
    const open = due.filter(({ id }) => !citations.has(id) && catalogue.gap(id) === undefined);
    expect(open.map(({ id }) => id)).toEqual([]);
  });
});

describe("docs/conformance.md", () => {
  const document = formatDocument(catalogue, standings(catalogue, citations));

  it("names every test case, every requirement that binds a CSMS and every rule of 1.6", () => {
    const binding = catalogue.requirements.filter(({ who }) => who === "csms" || who === "both");
    const shown = new Set(document.match(/[\w.]+\/[\w./]+|\w+(\.FR\.\d+)?/g));
    const due = [...catalogue.testCases, ...binding, ...catalogue.operations, ...catalogue.errata];
    expect(due.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });

  it("is what the requirements and the tests say", () => {
    const text = existsSync(published) ? readFileSync(published, "utf8") : "";
    expect(text === document, "run pnpm conformance --write").toBe(true);
  });
});
