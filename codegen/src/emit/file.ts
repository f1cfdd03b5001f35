/** A file of a generated package: its path inside the package and its text. */
export interface EmittedFile {
  readonly path: string;
  readonly text: string;
}
