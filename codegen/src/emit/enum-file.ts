import type { Model } from "../model/model.ts";
import type { CompiledTypes } from "./compiled-types.ts";
import type { EmittedFile } from "./file.ts";
import { bracketed, docComment, header, lineWidth } from "./layout.ts";

const isIdentifier = (text: string): boolean => /^[A-Za-z_$][\w$]*$/.test(text);

function union(name: string, values: readonly string[]): string {
  const line = `export type ${name} = ${values.join(" | ")};`;
  return line.length <= lineWidth
    ? `${line}\n`
    : `export type ${name} =\n${values.map((value) => `  | ${value}`).join("\n")};\n`;
}

/** `enums.ts`: for each enum the union of its values and, under the same name, an object that holds them. */
export function emitEnumFile(model: Model, types: CompiledTypes): EmittedFile {
  const declarations = model.enums.map(({ name, doc, values }) => {
    const entries = values.map(
      (value) => `${isIdentifier(value) ? value : JSON.stringify(value)}: ${JSON.stringify(value)}`,
    );
    return [
      docComment(doc),
      union(name, types.values(name)),
      "\n",
      docComment([`The values of the type ${name}; \`Object.values(${name})\` lists them.`]),
      bracketed(`export const ${name} = `, ["{", "}"], entries, " as const;"),
    ].join("");
  });
  return { path: "src/enums.ts", text: `${header(model)}\n${declarations.join("\n")}` };
}
