/* The packages as npm would get them: packed by pnpm, which writes real versions where the workspace has its own words. */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The root folder of the repository. */
export const root: string = fileURLToPath(new URL("../../../", import.meta.url));

/** The environment in which the tools of the workspace find each other: publint starts `pnpm`. */
export const environment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env["PATH"] ?? ""}`,
};

/** One published package: its folder below the root, its name, and its tarball once it is packed. */
export interface Published {
  readonly folder: string;
  readonly name: string;
}

/** All packages that are not private. */
export async function published(): Promise<Published[]> {
  const found: Published[] = [];
  for (const parent of ["generated", "packages"]) {
    for (const child of (await readdir(join(root, parent))).sort()) {
      const folder = `${parent}/${child}`;
      const manifest = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
      if (manifest.private !== true) found.push({ folder, name: manifest.name });
    }
  }
  return found;
}

/** Packs a package into a folder and returns the path of the tarball. */
export async function pack({ folder, name }: Published, into: string): Promise<string> {
  const destination = join(into, name.replace("/", "-"));
  await mkdir(destination, { recursive: true });
  await tool("pnpm", ["pack", "--pack-destination", destination], join(root, folder));
  const [tarball] = await readdir(destination);
  if (tarball === undefined) throw new Error(`${name} was not packed`);
  return join(destination, tarball);
}

/** The paths in a tarball, below its `package/` folder. */
export async function filesIn(tarball: string): Promise<string[]> {
  const { stdout } = await run("tar", ["-tzf", tarball]);
  return stdout
    .trim()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""));
}

/** The text of a file in a tarball. */
export async function textIn(tarball: string, path: string): Promise<string> {
  const { stdout } = await run("tar", ["-xzOf", tarball, `package/${path}`], { maxBuffer: 2 ** 26 });
  return stdout;
}

/** Runs a program of the workspace, or any on the path, and returns all it prints. Rejects where it fails. */
export async function tool(name: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout, stderr } = await run(name, args, { cwd, env: environment, maxBuffer: 2 ** 26 });
    return `${stdout}${stderr}`;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${name} ${args.join(" ")} failed in ${cwd}:\n${stdout ?? ""}${stderr ?? ""}`, { cause: error });
  }
}
