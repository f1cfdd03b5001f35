import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const modules = ["violation", "object", "array", "scalar", "date-time", "uri"];

/** Reads the texts of the modules in `checks/`, whose functions the emitted validators are made of. */
export function readChecks(): string[] {
  return modules.map((name) => readFileSync(fileURLToPath(new URL(`../checks/${name}.ts`, import.meta.url)), "utf8"));
}
