import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const flag = "--disallow-code-generation-from-strings";
const run = promisify(execFile);

/** A program that imports all three packages and validates with each, both ways, and says how it went. */
const program = `
import * as v16 from "@ocpp/v16";
import * as v201 from "@ocpp/v201";
import * as v21 from "@ocpp/v21";

const told = [];
for (const [name, version] of Object.entries({ v16, v201, v21 })) {
  const right = version.validateHeartbeatResponse({ currentTime: "2024-01-01T00:00:00Z" });
  const wrong = version.validateHeartbeatResponse({ currentTime: "yesterday" });
  const actions = Object.values(version[name].actions);
  const validators = actions.flatMap((action) => [action.request, action.response]).filter((one) => one !== undefined);
  told.push({ name, right: right === undefined, wrong: wrong?.kind, validators: validators.filter((one) => one(null)?.kind === "type").length });
}
process.stdout.write(JSON.stringify(told));
`;

describe("where code may not be made from strings", () => {
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ocpp-no-eval-"));
    await build({
      stdin: { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
      outfile: join(folder, "program.mjs"),
      bundle: true,
      platform: "neutral",
      conditions: ["@ocpp/source"],
      logLevel: "silent",
    });
    await writeFile(join(folder, "control.mjs"), `process.stdout.write(String(new Function("return 1")()));`);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("every package loads and validates", async () => {
    const { stdout } = await run(process.execPath, [flag, join(folder, "program.mjs")]);
    expect(JSON.parse(stdout)).toEqual([
      { name: "v16", right: true, wrong: "format", validators: 78 },
      { name: "v201", right: true, wrong: "format", validators: 128 },
      { name: "v21", right: true, wrong: "format", validators: 181 },
    ]);
  });

  it("new Function fails, which shows that the flag bites", async () => {
    const control = join(folder, "control.mjs");
    await expect(run(process.execPath, [flag, control])).rejects.toThrow("Code generation from strings disallowed");
    await expect(run(process.execPath, [control])).resolves.toMatchObject({ stdout: "1" });
  });
});
