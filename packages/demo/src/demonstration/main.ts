/* The demonstration that `npm run demo` shows: see `options.ts` for what it can be asked. */
import { audienceOf } from "./audience.ts";
import { csmsHandlers } from "./csms.ts";
import { runDemo } from "./demo.ts";
import { help, type Options, readCommandLine } from "./options.ts";
import { show } from "./show.ts";

/** Exit codes of a program that a signal ended are 128 and the number of the signal. */
const signals = { SIGINT: 130, SIGTERM: 143 } as const;

function explain(error: unknown, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `Port ${port} of 127.0.0.1 is in use: choose another one, or 0 for any free one.`;
  if (code === "EACCES") return `Port ${port} may not be opened without more rights: choose one from 1024 on, or 0.`;
  return error instanceof Error ? `The demonstration failed: ${error.message}` : String(error);
}

async function perform(options: Options): Promise<number> {
  const controller = new AbortController();
  let interrupted: number | undefined;
  for (const [name, code] of Object.entries(signals)) {
    process.once(name, () => {
      // A second signal finds no listener and ends the process at once.
      interrupted = code;
      controller.abort();
    });
  }
  const audience = audienceOf(options, process.stdout, process.env);
  try {
    const demo = { ...options, handlers: csmsHandlers(), signal: controller.signal };
    return await show(audience, () => runDemo(demo, audience));
  } catch (error) {
    if (interrupted !== undefined) return interrupted;
    process.stderr.write(`${explain(error, options.port)}\n`);
    return 1;
  }
}

// Whoever reads may stop reading, as `head` does; then there is nobody left to show anything to.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

const commandLine = readCommandLine(process.argv.slice(2));
if ("help" in commandLine) process.stdout.write(help);
else if ("problem" in commandLine) {
  process.stderr.write(`${commandLine.problem}.\nSee npm run demo -- --help\n`);
  process.exitCode = 2;
} else process.exitCode = await perform(commandLine.options);
