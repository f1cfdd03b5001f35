import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { createTerminal } from "./cli/process-terminal.ts";
import { runProgram } from "./cli/program.ts";

const terminal = createTerminal(process, dirname(fileURLToPath(import.meta.url)));
process.exit(await runProgram(process.argv.slice(2), terminal));
