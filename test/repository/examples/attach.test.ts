import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);

describe("a server attached to a web framework", () => {
  it.each(["fastify", "express"])("runs beside %s", async (name) => {
    const program = join(import.meta.dirname, `${name}.ts`);
    const { stdout, stderr } = await run(process.execPath, ["--conditions=@ocpp/source", "--import", "tsx", program], {
      timeout: 60_000,
    });
    expect(stdout).toContain(`${name}: ok`);
    expect(stderr).toBe("");
  });
});
