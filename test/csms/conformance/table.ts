/* docs/conformance.md: how the CSMS stands by the test cases and requirements, as one document. */
import type { Catalogue, Requirement, Rule, TestCase } from "./catalogue.ts";
import { type Standing, type StandingOf, tally } from "./table-standing.ts";

const blocks: Readonly<Record<string, string>> = {
  A: "Security",
  B: "Provisioning",
  C: "Authorization",
  D: "Local authorization list",
  E: "Transactions",
  F: "Remote control",
  G: "Availability",
  H: "Reservation",
  I: "Tariff and cost",
  J: "Meter values",
  K: "Smart charging",
  L: "Firmware management",
  M: "Certificate management",
  N: "Diagnostics",
  O: "Display message",
  P: "Data transfer",
};

const statuses = { tested: "passes", missing: "missing", "not-applicable": "not applicable" } as const;

const head = `# Conformance of the CSMS

Written by \`pnpm conformance --write\` from \`test/csms/conformance/requirements\` and from the tests that cite the ids; do not edit.
**Passes** means that at least one test cites the id: of the suites in \`test\`, or beside the sources of the CSMS and of the
server of \`@ocpp/websocket\` that it is built on; \`npm test\` runs them all. **Missing** and **not applicable** come with the reason. No test case of part 6 exists for a CSMS in the blocks D, H, I, K and O. Requirement ids
are those of OCPP 2.0.1 part 2; what they say stands there, not here.`;

/** The document. The same catalogue and citations give the same bytes. */
export function formatDocument(catalogue: Catalogue, standingOf: StandingOf): string {
  const binding = catalogue.requirements.filter(({ who }) => who === "csms" || who === "both");
  const parts = [
    head,
    "## Summary",
    summaryOfCases(catalogue.testCases, standingOf),
    summaryOfRequirements(binding, standingOf),
    summaryOfRules([...catalogue.operations, ...catalogue.errata], standingOf),
    "## Test cases of OCPP 2.0.1 part 6 for a CSMS",
    conditions(catalogue),
    ...testCases(catalogue.testCases, standingOf),
    "## Requirements of OCPP 2.0.1 part 2 that bind a CSMS",
    "Rows join the requirements of a use case that are equally binding and stand the same way.",
    ...requirements(binding, catalogue.useCases, standingOf),
    "## OCPP 1.6: core, remote trigger and reservation",
    rules(catalogue.operations, standingOf),
    "### Errata that bind a central system",
    rules(catalogue.errata, standingOf),
  ];
  return `${parts.join("\n\n")}\n`;
}

function summaryOfCases(cases: readonly TestCase[], standingOf: StandingOf): string {
  const row = (name: string, some: readonly TestCase[]): readonly (string | number)[] => {
    const core = some.filter(({ profile }) => profile === "core");
    const count = tally(idsOf(some), standingOf);
    return [
      name,
      core.filter(({ status }) => status === "M").length,
      core.filter(({ status }) => status === "C").length,
      some.length - core.length,
      count.tested,
      count.missing,
      count["not-applicable"],
    ];
  };
  const rows = [...groups(cases, ({ block }) => block)].map(([block, some]) => row(named(block), some));
  const titles = [
    "test cases",
    "core, mandatory",
    "core, conditional",
    "advanced security",
    "pass",
    "missing",
    "not applicable",
  ];
  return table(titles, [...rows, row("**all**", cases)], 1);
}

function summaryOfRequirements(some: readonly Requirement[], standingOf: StandingOf): string {
  const row = (name: string, some: readonly Requirement[]): readonly (string | number)[] => {
    const count = tally(idsOf(some), standingOf);
    return [name, some.length, count.tested, count.missing, count["not-applicable"]];
  };
  const rows = [...groups(some, ({ id }) => id.slice(0, 1))].map(([block, some]) => row(named(block), some));
  return table(
    ["requirements", "bind a CSMS", "pass", "missing", "not applicable"],
    [...rows, row("**all**", some)],
    1,
  );
}

function summaryOfRules(some: readonly Rule[], standingOf: StandingOf): string {
  const rows = [...groups(some, ({ profile }) => profile)].map(([profile, some]) => {
    const count = tally(idsOf(some), standingOf);
    return [profile, some.length, count.tested, count.missing, count["not-applicable"]];
  });
  return table(["OCPP 1.6", "operations and errata", "pass", "missing", "not applicable"], rows, 1);
}

function conditions({ conditions }: Catalogue): string {
  const named = [...conditions].map(([number, feature]) => `${number} ${feature}`);
  return `M is mandatory, C conditional upon a feature of part 5: ${named.join("; ")}.`;
}

function testCases(cases: readonly TestCase[], standingOf: StandingOf): string[] {
  return [...groups(cases, ({ block }) => block)].flatMap(([block, some]) => {
    const rows = some.map((test) => {
      const profile = test.profile === "core" ? "core" : "advanced security";
      const status = test.condition === undefined ? test.status : `${test.status}: ${test.condition}`;
      return [test.id, test.title, `${profile} ${status}`, ...told(standingOf(test.id))];
    });
    return [`### ${named(block)}`, table(["test case", "what", "part 5", "status", "tests, or why not"], rows)];
  });
}

function requirements(
  some: readonly Requirement[],
  useCases: ReadonlyMap<string, string>,
  standingOf: StandingOf,
): string[] {
  return [...groups(some, ({ id }) => id.slice(0, 1))].flatMap(([block, inBlock]) => {
    const rows = [...groups(inBlock, ({ useCase }) => useCase)].flatMap(([useCase, inUseCase]) => {
      const alike = groups(inUseCase, ({ id, level }) => `${level} ${told(standingOf(id)).join(" ")}`);
      return [...alike.values()].map((same) => [
        `${useCase} ${useCases.get(useCase) ?? ""}`.trim(),
        idsOf(same).join(", "),
        same[0]?.level ?? "",
        ...told(standingOf(same[0]?.id ?? "")),
      ]);
    });
    return [`### ${named(block)}`, table(["use case", "requirements", "level", "status", "tests, or why not"], rows)];
  });
}

function rules(some: readonly Rule[], standingOf: StandingOf): string {
  const rows = some.map(({ id, section, level, rule }) => [id, section, level, rule, ...told(standingOf(id))]);
  return table(["id", "section", "level", "the central system …", "status", "tests, or why not"], rows);
}

/** A standing as the last two cells of a row: the status, and the tests or the reason. */
function told({ status, why, files }: Standing): [string, string] {
  const tests = files.map((file) => `[${file.replace(/^test\/|\.test\.ts$/g, "")}](../${file})`).join(", ");
  return [statuses[status], status === "tested" ? tests : why];
}

function named(block: string): string {
  return `${block} ${blocks[block] ?? ""}`.trim();
}

function idsOf(some: readonly { readonly id: string }[]): string[] {
  return some.map(({ id }) => id);
}

/** What belongs together by a key, in the order in which the keys first come. */
function groups<T>(all: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of all) found.set(keyOf(item), [...(found.get(keyOf(item)) ?? []), item]);
  return found;
}

/** A table in Markdown; the columns from `numbers` on are numbers. */
function table(
  titles: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  numbers = titles.length,
): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  const rule = titles.map((_, index) => (index < numbers ? "---" : "---:"));
  return [titles, rule, ...rows].map(line).join("\n");
}
