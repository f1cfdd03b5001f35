/* The workspace as it stands on disk: its packages, their sources, and what those import. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The root folder of the repository. */
export const root: string = fileURLToPath(new URL("../../../", import.meta.url));

/** The part of a package.json that rules are made about. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: { readonly [path: string]: string | { readonly [condition: string]: string } };
  readonly dependencies?: { readonly [name: string]: string };
  readonly peerDependencies?: { readonly [name: string]: string };
}

/** One package: its folder below the root, its manifest, and its sources below the root, tests left out. */
export interface Package {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly sources: readonly string[];
}

/** Reads a file below the root. */
export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** The packages below a folder of the workspace, such as `packages` or `generated`. */
export function packagesIn(parent: string): Package[] {
  return readdirSync(join(root, parent))
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(read(`${folder}/package.json`)) as Manifest,
      sources: filesBelow(`${folder}/src`).filter(isShipped),
    }));
}

/** All TypeScript files below a folder, in order. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.parentPath.includes("node_modules"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function isShipped(file: string): boolean {
  return !/\.(test|test-d|fixture)\.ts$/.test(file);
}

/** The syntax of a file below the root. */
export function syntaxOf(file: string): ts.SourceFile {
  return ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true);
}

/** Every module that a file imports or exports from, types and dynamic imports included. */
export function importsOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const from = specifier(node);
    if (from !== undefined && ts.isStringLiteralLike(from)) found.push(from.text);
    ts.forEachChild(node, visit);
  };
  visit(syntaxOf(file));
  return found;
}

function specifier(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const loads = expression.kind === ts.SyntaxKind.ImportKeyword || expression.getText() === "require";
  return loads ? node.arguments[0] : undefined;
}
