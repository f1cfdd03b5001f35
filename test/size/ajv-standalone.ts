/* The same job done by ajv: a module with a standalone validator for every message of 2.0.1, written in memory. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import formats from "ajv-formats";

const schemas = fileURLToPath(new URL("../../schemas/2.0.1/", import.meta.url));

/** The source of the module; it requires the parts of ajv and ajv-formats that its code needs when it runs. */
export function ajvStandalone(): string {
  const ajv = new Ajv({ strict: false, messages: false, code: { source: true, esm: true, optimize: 2 } });
  formats.default(ajv);
  const ids: { [name: string]: string } = {};
  for (const file of readdirSync(schemas).sort()) {
    const name = file.replace(/\.json$/, "");
    const { $id: _id, $schema: _schema, ...schema } = JSON.parse(readFileSync(`${schemas}${file}`, "utf8"));
    ajv.addSchema(schema, name);
    ids[name] = name;
  }
  return standalone.default(ajv, ids);
}
