// For users.

export type { Resource, Role } from "./api/resource.ts";
export type { Configuration, SomeConfiguration } from "./config/configuration.ts";
export { ConfigurationError, type ConfigurationProblem } from "./config/configuration-error.ts";
export {
  type ConfigurationInput,
  configurationOf,
  type ReadConfiguration,
  readConfiguration,
} from "./config/read-configuration.ts";
export { type Csms, type CsmsOptions, createCsms } from "./csms.ts";
export type { AuthorizationStatus } from "./domain/authorization.ts";
export type { CsmsEvent, EventFilter, EventKind, Events } from "./events/events.ts";
export { createLog, type Log, type LogOptions } from "./operation/logging.ts";
export {
  type AnswerListeners,
  definePlugin,
  type EventListeners,
  type MessageContext,
  type MessageHandlers,
  type PluginCallOptions,
  type PluginDataTransfer,
  type PluginDefinition,
  type PluginHooks,
  type PluginHost,
} from "./plugins/plugin.ts";
export { PluginError } from "./plugins/plugin-error.ts";
export type { Command, Commander, CommandOptions, CommandOutcome } from "./services/commander.ts";
export type {
  DataTransfer,
  DataTransferAnswer,
  DataTransferHandler,
  DataTransfers,
} from "./services/data-transfers.ts";
export { OperationError, type OperationResult, type Operations } from "./services/operations.ts";
export { ConflictError, InvalidRequestError, NotFoundError } from "./services/service-error.ts";
export type { Services } from "./services/services.ts";
export type { StationRegistry } from "./services/station-registry.ts";
export type { TokenRegistry, TokenVerdict } from "./services/token-registry.ts";
export type { TransactionRecorder } from "./services/transaction-recorder.ts";

// For libraries.

export { openLogOutput } from "./operation/log-output.ts";
export { exportLines } from "./store/export-lines.ts";
export { importLines } from "./store/import-lines.ts";
export { openStore } from "./store/open-store.ts";
export type { Store, Write, WriteQuery } from "./store/store.ts";
export { StoreError, type StoreErrorCode } from "./store/store-error.ts";
export type { StoreOptions } from "./store/store-options.ts";
export type { Tables, TransactionRow } from "./store/tables.ts";
