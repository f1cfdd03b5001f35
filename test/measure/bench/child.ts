import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * Runs a measurement in a Node process of its own and returns what it printed last, as JSON. Throws with its output
 * where it fails.
 */
export async function measureApart(
  file: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): Promise<unknown> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [...flags, "--import", "tsx", path, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${file} ended with code ${code}:\n${output}`);
  const last = output.trim().split("\n").at(-1) ?? "";
  return JSON.parse(last);
}
