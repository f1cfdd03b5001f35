import type { ActionModel, Model } from "../model/model.ts";
import { sharedNames } from "../model/name-collision.ts";
import type { EmittedFile } from "./file.ts";
import { bracketed, docComment, header, named } from "./layout.ts";
import { messagesOf } from "./messages-of.ts";
import { messagePath } from "./type-files.ts";
import { validatorName } from "./validator-name.ts";

const messageNames = (action: ActionModel): string[] => messagesOf(action).map(({ name }) => name);

function imports(actions: readonly ActionModel[]): string {
  const validators = actions.flatMap(messageNames).map(validatorName).sort();
  const modules = actions.map((action) =>
    named("import type", messageNames(action), messagePath(action.name).replace("src", ".")),
  );
  return [...modules, named("import", [...validators, "type Validator"], "./validators.ts")].join("");
}

function typesOf(action: ActionModel): string {
  const { name, from, request, response } = action;
  const second = response === undefined ? "send: true" : `response: ${response.name}`;
  return bracketed(`${name}: `, ["{", "}"], [`from: "${from}"`, `request: ${request.name}`, second], ";", 2).replaceAll(
    /, (?=request:|response:|send:)|,(?=\n)/g,
    (found) => (found === "," ? ";" : "; "),
  );
}

const senders = { station: "sent by the station", csms: "sent by the CSMS", both: "sent by either side" };

function descriptor({ name, from, block, request, response }: ActionModel): string {
  const entries = [
    `name: "${name}"`,
    `from: "${from}"`,
    `block: "${block}"`,
    `request: ${validatorName(request.name)}`,
    ...(response === undefined ? [] : [`response: ${validatorName(response.name)}`]),
  ];
  const doc = docComment([`${name}, ${senders[from]}${response === undefined ? " and not answered" : ""}.`]);
  return `${doc}export const ${name}: Action<"${name}"> = {\n${entries.map((entry) => `  ${entry},\n`).join("")}};\n`;
}

/** An action that shares its name with a type: the type goes along, so that one import brings both. */
function sharedType(name: string): string {
  const doc = docComment([`The shared type ${name}, which has the name of an action.`]);
  return `import type { ${name} as ${name}Type } from "./types.ts";\n\n${doc}export type ${name} = ${name}Type;\n`;
}

/** `actions.ts`: the map from action to types, and a descriptor for each action. */
export function emitActionFile(model: Model): EmittedFile {
  const { actions } = model;
  const shared = [...sharedNames(model)].map(sharedType);
  const text = [
    header(model),
    "\n",
    imports(actions),
    ...shared.map((declaration) => declaration.slice(0, declaration.indexOf("\n") + 1)),
    "\n",
    docComment(["Every action with who sends it and what its request and response hold."]),
    `export interface Actions {\n${actions.map(typesOf).join("")}}\n\n`,
    docComment(["The name of an action."]),
    "export type ActionName = keyof Actions;\n\n",
    docComment(["The side that sends an action."]),
    'export type Side = "station" | "csms";\n\n',
    docComment([
      "An action as a value: its name, its sender, its functional block and the validators of its messages. An action without response is sent and not answered.",
      "`types` is never there; it carries the types of the messages along with the value.",
    ]),
    "export interface Action<K extends ActionName> {\n",
    "  readonly name: K;\n",
    '  readonly from: Actions[K]["from"];\n',
    "  readonly block: string;\n",
    "  readonly request: Validator;\n",
    "  readonly response?: Validator;\n",
    "  readonly types?: Actions[K];\n",
    "}\n\n",
    [...actions.map(descriptor), ...shared.map((declaration) => declaration.slice(declaration.indexOf("\n") + 2))].join(
      "\n",
    ),
  ].join("");
  return { path: "src/actions.ts", text };
}
