import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, textOf } from "./document.ts";
import { withCode } from "./fence.ts";

/** The text without code, in which brackets mean something else. */
function prose(markdown: string): string {
  return withCode(markdown, () => "").replace(/`[^`\n]*`/g, (code) => "x".repeat(code.length));
}

/** The anchors of a document, as GitHub makes them from its headings. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of withCode(markdown, () => "").matchAll(/^#{1,6} +(.+)$/gm)) {
    const base = heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let anchor = base;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${base}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The relative links of a document that lead nowhere. Links to other hosts are not followed. */
export function brokenLinks(path: string): string[] {
  const targets = [...prose(textOf(path)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => {
    if (/^[a-z]+:/i.test(target)) return false;
    const [file = "", anchor] = target.split("#");
    const place = file === "" ? join(root, path) : join(root, dirname(path), decodeURI(file));
    if (!existsSync(place)) return true;
    if (anchor === undefined) return false;
    return statSync(place).isDirectory() || !anchorsOf(readFileSync(place, "utf8")).has(anchor);
  });
}
