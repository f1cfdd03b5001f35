import type { Commander } from "./commander.ts";
import type { ConnectorRecorder } from "./connector-recorder.ts";
import type { DataTransfers } from "./data-transfers.ts";
import type { MessageHooks } from "./message-hooks.ts";
import type { Operations } from "./operations.ts";
import type { Platform } from "./platform.ts";
import type { ReservationBook } from "./reservation-book.ts";
import type { StationLines } from "./station-lines.ts";
import type { StationRegistry } from "./station-registry.ts";
import type { SystemLog } from "./system-log.ts";
import type { TokenRegistry } from "./token-registry.ts";
import type { TransactionRecorder } from "./transaction-recorder.ts";

/** Everything that the gateway, REST, background services and plug-ins work with. */
export interface Services extends Platform {
  readonly systemLog: SystemLog;
  readonly lines: StationLines;
  readonly stations: StationRegistry;
  readonly tokens: TokenRegistry;
  readonly transactions: TransactionRecorder;
  readonly connectors: ConnectorRecorder;
  readonly commander: Commander;
  readonly operations: Operations;
  readonly reservations: ReservationBook;
  readonly dataTransfers: DataTransfers;
  readonly hooks: MessageHooks;
}
