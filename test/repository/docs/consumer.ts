import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const tests = fileURLToPath(new URL("../../", import.meta.url));

/**
 * What the compiler says about programs that use the packages as a consumer does: built, found through `exports`, every
 * declaration checked. Empty where all is well.
 */
export function complaintsAbout(files: readonly string[]): string[] {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ["node"],
    typeRoots: [`${tests}node_modules/@types`],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file === undefined || !/node_modules\/(?!@ocpp\/)/.test(file.fileName))
    .map(({ file, start = 0, messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, "\n");
      if (file === undefined) return text;
      return `${relative(tests, file.fileName)}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${text}`;
    });
}
