import type { Model } from "../model/model.ts";
import type { EmittedFile } from "./file.ts";
import { bracketed, docComment, header, named } from "./layout.ts";

/** `protocol.ts`: the version with all its actions. A module of its own, so that subsets do not load what they leave out. */
export function emitProtocolFile(model: Model): EmittedFile {
  const { edition } = model;
  const type = edition.name.toUpperCase();
  const actions = model.actions.map(({ name }) => name);
  const text = [
    header(model),
    "\n",
    named("import", ["type Action", "type ActionName", ...actions], "./actions.ts"),
    named("import", ["type Edition", "edition"], "./edition.ts"),
    "\n",
    docComment([`OCPP ${edition.version} with all its actions.`]),
    `export interface ${type} extends Edition {\n`,
    "  readonly actions: { readonly [K in ActionName]: Action<K> };\n",
    "}\n\n",
    docComment([`OCPP ${edition.version} with all its actions, to be handed to a peer, a client or a server.`]),
    `export const ${edition.name}: ${type} = {\n  ...edition,\n`,
    bracketed("actions: ", ["{", "}"], actions, ",", 2),
    "};\n",
  ].join("");
  return { path: "src/protocol.ts", text };
}
