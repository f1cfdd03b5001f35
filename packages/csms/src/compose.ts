import { createCommander } from "./commands/commander.ts";
import { createConnectorRecorder } from "./connectors/recorder.ts";
import type { Infrastructure } from "./infrastructure.ts";
import { createSystemLog } from "./observability/system-log.ts";
import { createOperations } from "./ocpp/operations.ts";
import { createCommandBooks } from "./reservations/command-books.ts";
import { createReservationBook } from "./reservations/reservations.ts";
import type { Services } from "./services.ts";
import type { MessageHooks } from "./shared/message-hooks.ts";
import { createStationConnections } from "./stations/connections.ts";
import { createDataTransfers } from "./stations/data-transfers.ts";
import type { PasswordHashes } from "./stations/password.ts";
import { createStationRegistry } from "./stations/registry.ts";
import { createTokenRegistry } from "./tokens/registry.ts";
import { createTransactionRecorder } from "./transactions/recorder.ts";
import { createRemoteStarts } from "./transactions/repository/remote-starts.ts";

/** Makes the services over an infrastructure, in the order in which they need each other. */
export function composeServices(
  infrastructure: Infrastructure,
  hooks: MessageHooks,
  /** Hashes with a key that lasts for this process unless given. */
  hashes?: PasswordHashes,
): Services {
  const systemLog = createSystemLog(infrastructure);
  const connections = createStationConnections();
  const stations = createStationRegistry(infrastructure, systemLog, hashes);
  const tokens = createTokenRegistry(infrastructure);
  const connectors = createConnectorRecorder(infrastructure);
  const commander = createCommander(infrastructure, connections, stations, systemLog);
  const remoteStarts = createRemoteStarts(infrastructure);
  const transactions = createTransactionRecorder(infrastructure, { tokens, connectors, remoteStarts, systemLog });
  const operations = createOperations(infrastructure, { commander, stations, tokens, remoteStarts });
  const reservations = createReservationBook(infrastructure, operations, systemLog);
  commander.keepBooks(createCommandBooks({ reservations, transactions, remoteStarts }));
  return {
    ...infrastructure,
    systemLog,
    connections,
    stations,
    tokens,
    connectors,
    commander,
    operations,
    transactions,
    remoteStarts,
    reservations,
    dataTransfers: createDataTransfers(infrastructure, systemLog),
    hooks,
  };
}
