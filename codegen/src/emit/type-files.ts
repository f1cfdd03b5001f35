import { IndentationText, Project, QuoteKind } from "ts-morph";
import type { Model, ObjectType } from "../model/model.ts";
import type { CompiledTypes } from "./compiled-types.ts";
import type { EmittedFile } from "./file.ts";
import { header, kebab, named } from "./layout.ts";
import { messagesOf } from "./messages-of.ts";
import { addDeclarations, referencesOf } from "./object-types.ts";

/** Path of the file that holds the messages of an action. */
export function messagePath(action: string): string {
  return `src/messages/${kebab(action)}.ts`;
}

function imports(objects: readonly ObjectType[], model: Model, up: string): string {
  const used = new Set(objects.flatMap(referencesOf));
  const own = new Set(objects.map(({ name }) => name));
  const pick = (all: readonly { readonly name: string }[]): string[] =>
    all.map(({ name }) => name).filter((name) => used.has(name) && !own.has(name));
  const lines = [
    [pick(model.enums), `${up}/enums.ts`],
    [pick(model.shared), `${up}/types.ts`],
  ] as const;
  return lines.map(([names, module]) => (names.length === 0 ? "" : named("import type", names, module))).join("");
}

/** `types.ts` with the shared types, and a file below `messages/` for each action. */
export function emitTypeFiles(model: Model, types: CompiledTypes): EmittedFile[] {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Double },
  });
  const emit = (path: string, objects: readonly ObjectType[], up: string): EmittedFile => {
    const before = imports(objects, model, up);
    const file = project.createSourceFile(path, "");
    addDeclarations(file, objects, types);
    return { path, text: `${header(model)}${before === "" ? "" : `\n${before}`}\n${file.getFullText()}` };
  };
  return [
    emit("src/types.ts", model.shared, "."),
    ...model.actions.map((action) => emit(messagePath(action.name), messagesOf(action), "..")),
  ];
}
