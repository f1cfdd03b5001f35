import { STATUS_CODES } from "node:http";
import { OperationError } from "../commands/operations.ts";
import { list, record, type Schema } from "../shared/schema.ts";
import { ConflictError, InvalidRequestError, NotFoundError } from "../shared/service-error.ts";
import { StoreError } from "../store/store-error.ts";
import { ApiError, type FieldError } from "./api-error.ts";

/** Problem details (RFC 9457): what every error of REST is answered with. */
export interface Problem {
  /** Which kind of problem it is: a URN, for programs. */
  readonly type: string;
  /** The kind for people: the name of the status. */
  readonly title: string;
  readonly status: number;
  /** What happened, and what to do. */
  readonly detail: string;
  /** The path that was asked for. */
  readonly instance: string;
  readonly errors?: readonly FieldError[];
  /** Why a station could not be asked or did not answer: the code of its CALLERROR, or one of the Commander's. */
  readonly code?: string;
  /** The command that failed. */
  readonly commandId?: string;
}

/** The media type of problem details. */
export const problemType = "application/problem+json";

/** Problem details, as a schema. */
export const problemSchema: Schema = {
  $id: "Problem",
  title: "Problem",
  description: "Problem details (RFC 9457).",
  ...record(
    {
      type: { type: "string", format: "uri", description: "Which kind of problem it is." },
      title: { type: "string" },
      status: { type: "integer", minimum: 400, maximum: 599 },
      detail: { type: "string", description: "What happened, and what to do." },
      instance: { type: "string", description: "The path that was asked for." },
      errors: list(
        record({
          in: { type: "string", enum: ["body", "query", "path", "header"] },
          field: { type: "string" },
          message: { type: "string" },
        }),
        "The fields that are wrong.",
      ),
      code: {
        type: "string",
        description: "Why a station did not answer: the code of its CALLERROR, NotConnected, Timeout, and so on.",
      },
      commandId: { type: "string", description: "The command that failed." },
    },
    ["errors", "code", "commandId"],
  ),
};

/** What an error becomes: the problem, without its path, and headers. */
export interface ProblemAnswer {
  readonly problem: Omit<Problem, "instance">;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it is ours to mend, and to be logged. */
  readonly unexpected: boolean;
}

/**
 * The statuses for the ends of commands. go-ocpp-server answered 500 to all of them; here 5xx says which side of us is at fault:
 * a station that is away contradicts what was asked for (409), one that does not answer, or answers with a CALLERROR, is
 * a gateway's trouble (504, 502), and a queue that is full is the caller's (429).
 */
const commandStatuses: Readonly<Record<string, { readonly status: number; readonly kind: string }>> = {
  NotConnected: { status: 409, kind: "not-connected" },
  Timeout: { status: 504, kind: "station-timeout" },
  Deadline: { status: 504, kind: "station-timeout" },
  QueueFull: { status: 429, kind: "queue-full" },
  Cancelled: { status: 409, kind: "cancelled" },
  ConnectionLost: { status: 502, kind: "connection-lost" },
  InvalidResponse: { status: 502, kind: "invalid-response" },
};

/** Statuses of ours that only ask for patience. */
const retryAfter = "5";

function answer(status: number, detail: string, options: ApiError["options"] = {}, unexpected = false): ProblemAnswer {
  const title = STATUS_CODES[status] ?? "Error";
  const kind = options.kind ?? title.toLowerCase().replace(/[^a-z]+/g, "-");
  const { errors, members, headers } = options;
  return {
    problem: {
      type: `urn:ocpp-csms:problem:${kind}`,
      title,
      status,
      detail,
      ...(errors === undefined ? {} : { errors }),
      ...members,
    },
    headers: { ...(status === 503 || kind === "queue-full" ? { "retry-after": retryAfter } : {}), ...headers },
    unexpected,
  };
}

/** The end of a command, as an error. */
function ofCommand(error: OperationError): ProblemAnswer {
  const { status, kind } = Object.hasOwn(commandStatuses, error.code)
    ? (commandStatuses[error.code] ?? { status: 502, kind: "station-error" })
    : { status: 502, kind: "station-error" };
  const commandId = error.commandId === undefined ? {} : { commandId: error.commandId };
  return answer(status, error.message, { kind, members: { code: error.code, ...commandId } });
}

function ofStore(error: StoreError): ProblemAnswer {
  if (error.code === "full")
    return answer(503, "The database has no room left; nothing was changed.", { kind: "store-full" }, true);
  if (error.code === "unavailable" || error.code === "closed") {
    return answer(503, "The database cannot be reached; try again later.", { kind: "store-unavailable" }, true);
  }
  if (error.code === "constraint") return answer(409, "The request contradicts what is stored.", { kind: "conflict" });
  return unknown();
}

function unknown(): ProblemAnswer {
  return answer(500, "Something went wrong here; the log of the CSMS says what.", { kind: "internal-error" }, true);
}

/** What Fastify and its plug-ins throw, as far as a caller is to know of it. */
function ofFastify(error: Error & { readonly statusCode?: unknown; readonly code?: unknown }): ProblemAnswer {
  const { statusCode } = error;
  if (typeof statusCode !== "number" || statusCode < 400 || statusCode > 499) return unknown();
  return answer(statusCode, error.message);
}

/** What an error becomes. Those that are not meant for callers become a 500 that discloses nothing of them. */
export function problemOf(error: unknown): ProblemAnswer {
  if (error instanceof ApiError) return answer(error.status, error.message, error.options);
  if (error instanceof NotFoundError) return answer(404, error.message);
  if (error instanceof ConflictError) return answer(409, error.message);
  if (error instanceof InvalidRequestError) return answer(400, error.message, { kind: "invalid-request" });
  if (error instanceof OperationError) return ofCommand(error);
  if (error instanceof StoreError) return ofStore(error);
  return error instanceof Error ? ofFastify(error) : unknown();
}
