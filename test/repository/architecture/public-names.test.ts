/*
 * What the packages offer: their entry points and every name at each. The lists are files in `public-names/`, so that
 * adding a name or taking one away is a change that a reader of the diff sees. `vitest run -u` rewrites them; whoever
 * takes a name away writes a changeset that says so.
 */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { packagesIn, syntaxOf } from "./workspace.ts";

const published = [...packagesIn("generated"), ...packagesIn("packages")].filter(
  ({ manifest }) => manifest.private !== true,
);

/** The names that an index exports, types marked as such, in order. */
function namesOf(index: string): string[] {
  const names: string[] = [];
  ts.forEachChild(syntaxOf(index), (node) => {
    if (!ts.isExportDeclaration(node) || node.exportClause === undefined || !ts.isNamedExports(node.exportClause)) {
      if (ts.isExportAssignment(node) || ts.isExportDeclaration(node)) names.push(`${index} exports something unnamed`);
      return;
    }
    for (const { name, isTypeOnly } of node.exportClause.elements) {
      names.push(node.isTypeOnly || isTypeOnly ? `type ${name.text}` : name.text);
    }
  });
  return names.sort();
}

describe.each(published)("$manifest.name", ({ folder, manifest }) => {
  const entries = Object.entries(manifest.exports ?? {});

  it("has the entry points that the pin says", async () => {
    const text = entries.map(([path, target]) => `${path} ${JSON.stringify(target)}`).join("\n");
    await expect(`${text}\n`).toMatchFileSnapshot(`public-names/${folder.replace("/", "-")}.exports.txt`);
  });

  it.each(entries.filter(([path]) => !path.includes("*")))(
    "offers at %s the names that the pin says",
    async (path, target) => {
      const source = typeof target === "string" ? target : (target["@ocpp/source"] ?? "");
      const names = namesOf(`${folder}/${source.replace("./", "")}`);
      expect(names.length).toBeGreaterThan(0);
      expect(new Set(names).size).toBe(names.length);
      const entry = path === "." ? "index" : path.replace("./", "").replaceAll("/", "-");
      await expect(`${names.join("\n")}\n`).toMatchFileSnapshot(
        `public-names/${folder.replace("/", "-")}.${entry}.txt`,
      );
    },
  );
});
