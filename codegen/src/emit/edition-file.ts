import { errorCodes } from "../editions/edition.ts";
import type { Model } from "../model/model.ts";
import type { EmittedFile } from "./file.ts";
import { docComment, header, named } from "./layout.ts";

const quoted = (name: string): string => (/^\w+$/.test(name) ? name : JSON.stringify(name));

/** `edition.ts`: what core must know of the version besides its actions. */
export function emitEditionFile(model: Model): EmittedFile {
  const { edition, actions, tolerances } = model;
  const codes = errorCodes.map((code) => [code, edition.spellings[code] ?? code] as const);
  const quirks = edition.errata.map(
    ({ tolerance, value, type, reason, reference }) =>
      `\`${tolerance}\` accepts "${value}" as ${type}. ${reason} (${reference})`,
  );
  const scalars = {
    subprotocol: JSON.stringify(edition.subprotocol),
    messageTypes: `[${edition.messageTypes.join(", ")}]`,
    unknownMessageType: JSON.stringify(edition.unknownMessageType),
    unreadableMessageId: JSON.stringify(edition.unreadableMessageId),
  };
  const types: readonly (readonly [name: string, doc: readonly string[], type: string])[] = [
    ["subprotocol", ["WebSocket subprotocol."], scalars.subprotocol],
    ["messageTypes", ["The message type numbers of the version."], `readonly ${scalars.messageTypes}`],
    [
      "unknownMessageType",
      ["Whether a frame with another message type number is answered with CALLERROR."],
      scalars.unknownMessageType,
    ],
    [
      "unreadableMessageId",
      ['Whether a frame whose id cannot be read is answered, with "-1" for its id.'],
      scalars.unreadableMessageId,
    ],
  ];
  const text = [
    header(model),
    "\n",
    named("import type", ["ActionName", "Actions"], "./actions.ts"),
    "\n",
    docComment([`What tells OCPP ${edition.version} from the other versions, without its actions.`]),
    "export interface Edition {\n",
    ...types.map(([name, doc, type]) => `${docComment(doc, 2)}  readonly ${name}: ${type};\n`),
    docComment(["How this version writes the error codes of 2.x."], 2),
    `  readonly errorCodes: {\n${codes.map(([code, spelling]) => `    readonly ${code}: "${spelling}";\n`).join("")}  };\n`,
    docComment(
      [
        "The bits of a validator's second argument, by name: kinds of violation, and quirks of stations in the field. `lenient-date-time` lets the seconds and the zone of a time be absent.",
        ...quirks,
      ],
      2,
    ),
    `  readonly tolerances: {\n${tolerances.map(([name, bit]) => `    readonly ${quoted(name)}: ${bit};\n`).join("")}  };\n`,
    docComment(["Every action of the version with its sender, those included that a subset leaves out."], 2),
    '  readonly names: { readonly [K in ActionName]: Actions[K]["from"] };\n',
    "}\n\n",
    docComment([
      `OCPP ${edition.version} without actions. Spread it to build a protocol of some actions only, which keeps the others out of a bundle: \`{ ...edition, actions: { BootNotification, Heartbeat } }\`.`,
    ]),
    "export const edition: Edition = {\n",
    ...Object.entries(scalars).map(([name, value]) => `  ${name}: ${value},\n`),
    `  errorCodes: {\n${codes.map(([code, spelling]) => `    ${code}: "${spelling}",\n`).join("")}  },\n`,
    `  tolerances: {\n${tolerances.map(([name, bit]) => `    ${quoted(name)}: ${bit},\n`).join("")}  },\n`,
    `  names: {\n${actions.map(({ name, from }) => `    ${name}: "${from}",\n`).join("")}  },\n`,
    "};\n",
  ].join("");
  return { path: "src/edition.ts", text };
}
