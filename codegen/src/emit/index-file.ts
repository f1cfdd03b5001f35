import type { Model } from "../model/model.ts";
import { sharedNames } from "../model/name-collision.ts";
import type { EmittedFile } from "./file.ts";
import { header, named } from "./layout.ts";
import { messagesOf } from "./messages-of.ts";
import { messagePath } from "./type-files.ts";
import { validatorName } from "./validator-name.ts";

/** `index.ts`: everything that the package offers, by name. */
export function emitIndexFile(model: Model): EmittedFile {
  const { edition, actions, shared, enums } = model;
  const withAction = sharedNames(model);
  const names = (types: readonly { readonly name: string }[]): string[] => types.map(({ name }) => name);
  const validated = [...actions.flatMap(messagesOf), ...shared];
  const text = [
    header(model),
    "\n// The protocol, the actions to build one of, and their messages.\n",
    named("export", ["type Edition", "edition"], "./edition.ts"),
    named("export", [`type ${edition.name.toUpperCase()}`, edition.name], "./protocol.ts"),
    named("export type", ["Action", "ActionName", "Actions", "Side"], "./actions.ts"),
    named(
      "export",
      actions.map(({ name }) => name),
      "./actions.ts",
    ),
    ...actions.map((action) =>
      named("export type", names(messagesOf(action)), messagePath(action.name).replace("src", ".")),
    ),
    named(
      "export type",
      shared.map(({ name }) => name).filter((name) => !withAction.has(name)),
      "./types.ts",
    ),
    named(
      "export",
      enums.map(({ name }) => name),
      "./enums.ts",
    ),
    "\n// For libraries: the validators one by one.\n",
    named("export type", ["Validator", "Violation", "ViolationKind"], "./validators.ts"),
    named("export", names(validated).map(validatorName).sort(), "./validators.ts"),
  ].join("");
  return { path: "src/index.ts", text };
}
