import type { Commander } from "./commands/commander.ts";
import type { Operations } from "./commands/operations.ts";
import type { ConnectorRecorder } from "./connectors/recorder.ts";
import type { Infrastructure } from "./infrastructure.ts";
import type { SystemLog } from "./observability/system-log.ts";
import type { ReservationBook } from "./reservations/reservations.ts";
import type { MessageHooks } from "./shared/message-hooks.ts";
import type { StationConnections } from "./stations/connections.ts";
import type { DataTransfers } from "./stations/data-transfers.ts";
import type { StationRegistry } from "./stations/registry.ts";
import type { TokenRegistry } from "./tokens/registry.ts";
import type { TransactionRecorder } from "./transactions/recorder.ts";
import type { RemoteStarts } from "./transactions/repository/remote-starts.ts";

/** Everything that the gateway, REST, background services and plug-ins work with. */
export interface Services extends Infrastructure {
  readonly systemLog: SystemLog;
  readonly connections: StationConnections;
  readonly stations: StationRegistry;
  readonly tokens: TokenRegistry;
  readonly transactions: TransactionRecorder;
  readonly remoteStarts: RemoteStarts;
  readonly connectors: ConnectorRecorder;
  readonly commander: Commander;
  readonly operations: Operations;
  readonly reservations: ReservationBook;
  readonly dataTransfers: DataTransfers;
  readonly hooks: MessageHooks;
}
