/*
 * The same job done by ajv: a module with a standalone validator for every message of 2.0.1, written in memory. The
 * definitions that messages share are shared here, too, which is the lightest that ajv can be brought to; from the
 * official files as they are its module is two fifths heavier.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import formats from "ajv-formats";

const schemas = fileURLToPath(new URL("../../../schemas/2.0.1/", import.meta.url));

interface Message {
  readonly definitions?: { readonly [name: string]: object };
  readonly [keyword: string]: unknown;
}

/** The source of the module; it requires the parts of ajv and ajv-formats that its code needs when it runs. */
export function ajvStandalone(): string {
  const code = { source: true, esm: true, optimize: 2 };
  const ajv = new Ajv({ strict: false, messages: false, inlineRefs: false, code });
  formats.default(ajv);
  const definitions: { [name: string]: object } = {};
  const ids: { [name: string]: string } = {};
  for (const file of readdirSync(schemas).sort()) {
    const name = file.replace(/\.json$/, "");
    const text = readFileSync(`${schemas}${file}`, "utf8");
    const { $id: _id, $schema: _schema, definitions: own, ...message } = parse(text);
    Object.assign(definitions, own);
    ajv.addSchema(message, name);
    ids[name] = name;
  }
  ajv.addSchema({ definitions }, "shared");
  return standalone.default(ajv, ids);
}

/** A schema whose references point into the shared definitions. */
function parse(text: string): Message {
  return JSON.parse(text.replaceAll('"#/definitions/', '"shared#/definitions/')) as Message;
}
