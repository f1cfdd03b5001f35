import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./figure.ts";

/**
 * How long Node takes to import the packages, beyond importing `ws` alone, in milliseconds: medians of paired runs of
 * fresh processes.
 */

const rounds = 21;

function start(imports: readonly string[]): number {
  const source = imports.map((name) => `await import(${JSON.stringify(name)});`).join("");
  const begin = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
  });
  if (status !== 0) throw new Error(`importing ${imports.join(", ")} failed`);
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

const bare = ["ws"];
const ours = ["ws", "@ocpp/core", "@ocpp/websocket", "@ocpp/v16", "@ocpp/v201"];
const contenders: Record<string, readonly string[]> = {
  ours,
  "with server": [...ours, "@ocpp/websocket/server"],
  "ocpp-rpc": ["ws", "ocpp-rpc"],
  "typed-ocpp": ["ws", "typed-ocpp"],
};
const extra: Record<string, number> = {};
for (const [name, imports] of Object.entries(contenders)) {
  start(imports);
  const count = name === "typed-ocpp" ? 5 : rounds;
  extra[name] = median(Array.from({ length: count }, () => -start(bare) + start(imports)));
}
process.stdout.write(`${JSON.stringify(extra)}\n`);
