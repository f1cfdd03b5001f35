// For users.

export { type Clock, systemClock } from "./clock.ts";
export { connectPeer, type PeerOf } from "./connect-peer.ts";
export { ConnectionError, type ConnectionErrorCode } from "./connection-error.ts";
export { csms, type Endpoint, type EndpointOptions, type Endpoints, station, withInfo } from "./endpoint.ts";
export type { ErrorCode } from "./error-code.ts";
export type { MessageIdPolicy } from "./frame.ts";
export type { Context, Fallback, Handler, Handlers } from "./handler.ts";
export type { Exchange, Interceptor, Next } from "./interceptor.ts";
export { type ManualClock, manualClock } from "./manual-clock.ts";
export {
  type Fault,
  type MemoryFrame,
  type MemoryNetwork,
  type MemoryOptions,
  memoryNetwork,
  memoryPair,
} from "./memory-transport.ts";
export { OcppError } from "./ocpp-error.ts";
export {
  type AnyPeer,
  type CallOptions,
  type CloseOptions,
  type Closure,
  type Peer,
  type PeerOptions,
} from "./peer.ts";
export type { Action, ActionTypes, Edition, Protocol, Side, Validator } from "./protocol.ts";
export type { Report, Reporter } from "./report.ts";
export type { Validation, ValidationPolicy, ValidationRule } from "./validation.ts";
export { describeViolation, formatPath, type Violation, type ViolationKind } from "./violation.ts";
export { ViolationError } from "./violation-error.ts";

// For libraries.

export type {
  ActionsOf,
  Callable,
  CallName,
  HandlerName,
  Other,
  RequestOf,
  ResponseOf,
  Sendable,
  SendName,
} from "./action-map.ts";
export type { ResponseComplaint } from "./endpoint.ts";
export { codeOfViolation, readErrorCode } from "./error-code.ts";
export {
  type Frame,
  formatCall,
  formatCallError,
  formatCallResult,
  formatSend,
  type MessageId,
  messageIdText,
  parseFrame,
} from "./frame.ts";
export { cutText } from "./ocpp-error.ts";
export type { Sink, Transport } from "./transport.ts";
export { observe, watchRejection } from "./watch-rejection.ts";
