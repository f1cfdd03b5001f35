/** A schema that cannot be generated from: its message says which file, which place in it, and why. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";

  constructor(file: string, place: string, reason: string) {
    super(`${file}${place === "" ? "" : `#${place}`}: ${reason}`);
  }
}
