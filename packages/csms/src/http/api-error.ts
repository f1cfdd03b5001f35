/** One field of a request that is wrong. */
export interface FieldError {
  /** Which part of the request it stands in. */
  readonly in: "body" | "query" | "path" | "header";
  /** Its name, or the way to it, such as `restrictedTo/0/stationId`; empty for the whole part. */
  readonly field: string;
  /** What is wrong with it, and what is allowed; without its value. */
  readonly message: string;
}

/** What an ApiError may carry besides its status and detail. */
export interface ApiErrorOptions {
  /** Which kind of problem it is, in kebab-case; derived from the status unless given. */
  readonly kind?: string | undefined;
  /** The fields that are wrong. */
  readonly errors?: readonly FieldError[] | undefined;
  /** Further members of the problem details, such as `commandId`. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
  /** Headers of the answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An error that REST answers with as it is: the status, and a detail that says what happened and what to do. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly options: ApiErrorOptions;

  constructor(status: number, detail: string, options: ApiErrorOptions = {}) {
    super(detail);
    this.status = status;
    this.options = options;
  }
}

/** The error for one wrong field of a request: a 400 that names it. */
export function fieldError(where: FieldError["in"], field: string, message: string): ApiError {
  return new ApiError(400, `The field ${field} ${message}.`, {
    kind: "invalid-request",
    errors: [{ in: where, field, message }],
  });
}
