/** What was asked for is not there. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
}

/** What was asked for contradicts how things stand. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}

/** What was asked for cannot be meant; the message says which field, and what is allowed. */
export class InvalidRequestError extends Error {
  override readonly name = "InvalidRequestError";
}
