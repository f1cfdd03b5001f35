/*
 * What `npm start`, `npm run demo` and `npm test` run, on a machine that has Node and npm and nothing else: installs what is missing,
 * builds, and then does the job. Plain JavaScript without dependencies, since it runs before anything is installed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const summaries = join(root, ".cache", "test-summaries");
const bin = (name) => join(root, "node_modules", ".bin", process.platform === "win32" ? `${name}.cmd` : name);

function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Progress goes to stderr, so that the output of a job can be piped. */
function note(text) {
  process.stderr.write(`${text}\n`);
}

/** Runs a command in the root folder, its output on ours; returns the code that it ended with. */
function exitCode(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: `${dirname(bin(""))}:${process.env.PATH}`, ...env },
    shell: process.platform === "win32",
  });
  if (error !== undefined) say(`${command} could not be started: ${error.message}`);
  return status ?? 1;
}

/** Runs a command as `exitCode` does; returns whether it ended well. */
function run(command, args, env = {}) {
  return exitCode(command, args, env) === 0;
}

function fail(text) {
  process.stderr.write(`\n${text}\n`);
  process.exit(1);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old: this project needs 20.19 or later.`);
  }
}

function install() {
  const marker = join(root, "node_modules", ".modules.yaml");
  const lock = join(root, "pnpm-lock.yaml");
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs) return;
  note(`Installing dependencies with ${manifest.packageManager} ...`);
  if (!run("npx", ["--yes", manifest.packageManager, "install", "--frozen-lockfile", "--prefer-offline"])) {
    fail("The dependencies could not be installed; the lines above say why. Is the npm registry reachable?");
  }
}

function build() {
  note("Building ...");
  if (!run(bin("tsc"), ["-b"])) fail("The build failed; the lines above say where.");
}

/** Each step: what it is called, and how it is run. All tests are one run, so that no core waits for the last file of a part. */
const testSummary = join(summaries, "tests.json");
const testSteps = [["tests", () => run(bin("vitest"), ["run"], { OCPP_TEST_SUMMARY: testSummary })]];

const checkSteps = [
  ["formatting", () => run(bin("biome"), ["check", "--linter-enabled=false", "."])],
  ["lint", () => run(bin("oxlint"), ["--type-aware", "--deny-warnings"])],
  [
    "types of the tests and of codegen",
    () => ["test", "test/tsconfig.units.json", "codegen"].every((project) => run(bin("tsc"), ["-p", project])),
  ],
  ["unused code and dependencies", () => run(bin("knip"), [])],
  ["schemas are the official ones", () => run(bin("tsx"), ["codegen/src/schemas/main.ts", "check"])],
  ["generated code is current", () => run(bin("tsx"), ["codegen/src/main.ts", "--check"])],
  ["documents say what their programs say", () => run(bin("tsx"), ["test/repository/docs/main.ts", "--check"])],
  ["the table of conformance is current", () => run(bin("tsx"), ["test/csms/conformance/main.ts", "--check"])],
  ["README tables are current", () => run(bin("tsx"), ["test/measure/size/main.ts", "--check"])],
];

function test(withChecks) {
  rmSync(summaries, { recursive: true, force: true });
  mkdirSync(summaries, { recursive: true });
  const failed = [];
  let [passed, broken, skipped] = [0, 0, 0];
  for (const [name, step] of withChecks ? [...testSteps, ...checkSteps] : testSteps) {
    say(`\n== ${name}`);
    if (!step()) failed.push(name);
  }
  if (existsSync(testSummary)) {
    const summary = JSON.parse(readFileSync(testSummary, "utf8"));
    passed += summary.passed;
    broken += summary.failed;
    skipped += summary.skipped.length;
    for (const reason of summary.skipped) say(`skipped: ${reason}`);
  } else failed.push("tests (no summary was written)");
  if (withChecks) {
    passed += checkSteps.length - checkSteps.filter(([name]) => failed.includes(name)).length;
    broken += checkSteps.filter(([name]) => failed.includes(name)).length;
  }
  for (const name of failed) say(`failed: ${name}`);
  if (failed.length > 0 && broken === 0) broken = failed.length;
  if (skipped > 0 && process.env.CI === "true") {
    say("A test was skipped although CI has what it needs.");
    broken += skipped;
  }
  say(`${passed} passed, ${broken} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exit(broken === 0 && passed > 0 ? 0 : 1);
}

/** Runs the checks without the tests. */
function check() {
  const failed = checkSteps.filter(([name, step]) => {
    say(`\n== ${name}`);
    return !step();
  });
  for (const [name] of failed) say(`failed: ${name}`);
  say(`${checkSteps.length - failed.length} passed, ${failed.length} failed`);
  process.exit(failed.length === 0 ? 0 : 1);
}

const [job = "start", ...args] = process.argv.slice(2);
const jobs = ["start", "demo", "test", "check"];
if (!jobs.includes(job)) fail(`There is no job ${JSON.stringify(job)}; the jobs are ${jobs.join(", ")}.`);
const odd = job === "test" ? args.find((arg) => arg !== "--checks") : undefined;
if (odd !== undefined) {
  fail(
    `npm test takes no ${JSON.stringify(odd)}. It runs all tests; npx vitest run --project unit <file> runs those of a file.`,
  );
}
requireNode();
install();
build();
const asked = args.includes("--help") || args.includes("-h") || args.includes("--version");
switch (job) {
  case "start":
    // Ctrl-C reaches the program by itself: without a listener we would die at once, and leave it ending behind the prompt.
    process.on("SIGINT", () => {});
    process.exit(exitCode("node", ["packages/demo/dist/fleet/main.js", ...args]));
    break;
  case "demo":
    if (!asked && !args.includes("--json")) {
      note("Checking that the generated packages are current ...");
      if (!run(bin("tsx"), ["codegen/src/main.ts", "--check"]))
        fail("The generated packages differ from what codegen writes.");
    }
    process.exit(exitCode("node", ["packages/demo/dist/demonstration/main.js", ...args]));
    break;
  case "test":
    test(args.includes("--checks"));
    break;
  case "check":
    check();
    break;
}
