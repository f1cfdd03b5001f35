/** The port could not be opened. `code` is that of the system, such as `EADDRINUSE` or `EACCES`. */
export class ListenError extends Error {
  override readonly name = "ListenError" as const;
  readonly code: string;

  constructor(code: string, message: string, options: { readonly cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}

const reasons: { readonly [code: string]: string } = {
  EADDRINUSE: "it is in use already",
  EACCES: "that needs more rights",
  EADDRNOTAVAIL: "this machine has no such address",
};

/** Says where listening failed, and why. */
export function listenError(
  error: NodeJS.ErrnoException,
  { port, host }: { readonly port: number; readonly host: string | undefined },
): ListenError {
  const code = error.code ?? "UNKNOWN";
  const where = `port ${port}${host === undefined ? "" : ` of ${host}`}`;
  return new ListenError(code, `Cannot listen on ${where}: ${reasons[code] ?? error.message}`, { cause: error });
}
