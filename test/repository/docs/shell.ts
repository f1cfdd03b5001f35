import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, textOf } from "./document.ts";

interface Manifest {
  readonly scripts: { readonly [name: string]: string };
  readonly packageManager: string;
}

const manifest = JSON.parse(textOf("package.json")) as Manifest;
/** Packages that documents may install: ours, and those whose versions the workspace pins. */
const installable = new Set([
  ...["packages/core", "packages/csms", "packages/websocket", "generated/v16", "generated/v201", "generated/v21"].map(
    (folder) => (JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as { name: string }).name,
  ),
  ...Array.from(textOf("pnpm-workspace.yaml").matchAll(/^ {2}"?(@?[\w./-]+)"?: [\w:]*/gm), ([, name = ""]) => name),
]);
/** What a reader has, or has just installed. */
const commands = new Set(["cd", "mkdir", "git", "node", "openssl", "printf", "curl"]);
const npmCommands = new Set(["init", "pkg", "start", "test"]);
const pnpmCommands = new Set(["install", "pack"]);
/** Names that pnpm takes for commands of npm, though there be scripts of that name. */
const npmsOwn = new Set([
  "access",
  "bugs",
  "docs",
  "edit",
  "info",
  "owner",
  "ping",
  "prefix",
  "profile",
  "repo",
  "search",
]);
const binaries = new Set(["tsx", "tsc", "esbuild", "changeset", "ocpp-csms"]);

function isArgument(word: string): boolean {
  return !word.startsWith("-");
}

function problemOf(words: readonly string[]): string | undefined {
  const [command = "", ...args] = words;
  const [first = "", ...rest] = args.filter(isArgument);
  switch (command) {
    case "npm": {
      if (first === "install") {
        const stray = rest.find((name) => !installable.has(name.replace(/(?<=.)@.*$/, "")) && !name.endsWith(".tgz"));
        return stray === undefined ? undefined : `${stray} is no package of ours and none that is pinned`;
      }
      if (first === "run") return rest[0] !== undefined && rest[0] in manifest.scripts ? undefined : "no such script";
      return npmCommands.has(first) ? undefined : `npm ${first} is not expected`;
    }
    case "npx":
      if (first === manifest.packageManager) return problemOf(["pnpm", ...rest]);
      return binaries.has(first) ? undefined : `npx ${first} is not expected`;
    case "pnpm": {
      if (npmsOwn.has(first)) return `pnpm hands ${first} on to npm: write pnpm run ${first}`;
      if (first === "run") return problemOf(["npm", ...args]);
      const known = first in manifest.scripts || pnpmCommands.has(first) || args.some((word) => pnpmCommands.has(word));
      return known ? undefined : `there is no script ${first}`;
    }
    case "bash":
    case "sh":
      return existsSync(join(root, first)) ? undefined : `there is no ${first}`;
    default:
      return commands.has(command) ? undefined : `the command ${command} is not expected`;
  }
}

/** What is wrong with the commands of a shell fence: scripts that do not exist, packages that nobody knows. */
export function shellProblems(code: string): string[] {
  return code
    .replaceAll("\\\n", " ")
    .split(/\n|&&|;/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "")
    .flatMap((line) => {
      const words = line.split(/\s+/).filter((word, at) => at > 0 || !/^\w+=/.test(word));
      // A line that only sets a variable runs no command.
      const problem = words.length === 0 ? undefined : problemOf(words);
      return problem === undefined ? [] : [`${line}: ${problem}`];
    });
}
