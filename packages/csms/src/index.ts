// For users.

export type { Command, CommandOptions, CommandOutcome } from "./commands/command.ts";
export type { Commander } from "./commands/commander.ts";
export { OperationError, type OperationResult, type Operations } from "./commands/operations.ts";
export type { Configuration, SomeConfiguration } from "./config/configuration.ts";
export { ConfigurationError, type ConfigurationProblem } from "./config/configuration-error.ts";
export {
  type ConfigurationInput,
  configurationOf,
  type ReadConfiguration,
  readConfiguration,
} from "./config/read-configuration.ts";
export { type Csms, type CsmsOptions, createCsms } from "./csms.ts";
export type { CsmsEvent, EventFilter, Events } from "./events/events.ts";
export type { EventKind } from "./events/kinds.ts";
export type { Resource, Role } from "./http/resource.ts";
export { createLog, type Log, type LogOptions, type OpenLog } from "./observability/logging.ts";
export type { CertificateRule, CertifiedStation } from "./ocpp/certificate-rule.ts";
export {
  type Amendment,
  type AnswerAmendments,
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
export type { Services } from "./services.ts";
export { ConflictError, InvalidRequestError, NotFoundError } from "./shared/service-error.ts";
export type { ShutdownReport } from "./shutdown-report.ts";
export type {
  DataTransfer,
  DataTransferAnswer,
  DataTransferHandler,
  DataTransfers,
} from "./stations/data-transfers.ts";
export type { StationRegistry } from "./stations/registry.ts";
export type { TokenRegistry } from "./tokens/registry.ts";
export type { AuthorizationStatus, TokenVerdict } from "./tokens/rules.ts";
export type { TransactionRecorder } from "./transactions/recorder.ts";

// For libraries.

export { openLogOutput } from "./observability/log-output.ts";
export type { DroppedCall } from "./ocpp/gateway.ts";
export { exportLines } from "./store/export-lines.ts";
export { importLines } from "./store/import-lines.ts";
export { openStore } from "./store/open-store.ts";
export type { Store, StoreClosure, Write, WriteQuery } from "./store/store.ts";
export { StoreError, type StoreErrorCode } from "./store/store-error.ts";
export type { StoreOptions } from "./store/store-options.ts";
export type { Tables } from "./store/tables/tables.ts";
export type { TransactionRow } from "./store/tables/transactions.ts";
