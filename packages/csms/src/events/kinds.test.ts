import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { eventKinds, kindFault } from "./kinds.ts";

it("are known by themselves and by their families, and what is near one is suggested", () => {
  for (const kind of Object.keys(eventKinds)) {
    expect([kindFault(kind), kindFault(kind.split(".")[0] ?? "")]).toEqual([undefined, undefined]);
  }
  expect(kindFault("transaction.begun")).toContain('"transaction.begun" is no kind');
  expect(kindFault("Transaction.Ended")).toContain("(did you mean transaction.ended?)");
  for (const odd of ["", "transaction.", ".started", "constructor", "x".repeat(1_000)])
    expect(kindFault(odd)).toBeDefined();
});

it("stand in the guide (write them with OCPP_WRITE_EVENT_KINDS=1)", () => {
  const guide = fileURLToPath(new URL("../../../../docs/guide/csms-rest.md", import.meta.url));
  const text = readFileSync(guide, "utf8");
  const [begin, end] = ["<!-- event-kinds:begin -->", "<!-- event-kinds:end -->"] as const;
  const rows = Object.entries(eventKinds).map(([kind, { description, data }]) => {
    const members = Object.keys((data as { properties: object }).properties).map((name) => `\`${name}\``);
    return `| \`${kind}\` | ${description} | ${members.join(", ")} |`;
  });
  const table = ["| kind | what has happened | `data` |", "| --- | --- | --- |", ...rows].join("\n");
  const [before = "", rest = ""] = text.split(begin);
  const expected = `${before}${begin}\n\n${table}\n\n${end}${rest.split(end)[1] ?? ""}`;
  if (process.env["OCPP_WRITE_EVENT_KINDS"] === "1") writeFileSync(guide, expected);
  expect(readFileSync(guide, "utf8")).toBe(expected);
});
