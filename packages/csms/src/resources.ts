import { callsResource } from "./commands/rest/calls.ts";
import { commandsResource } from "./commands/rest/commands.ts";
import { jobsResource } from "./commands/rest/jobs.ts";
import { authorizationsResource } from "./compat/go-ocpp-server/authorizations.ts";
import { chargePointsResource } from "./compat/go-ocpp-server/charge-points.ts";
import { closeTransactionResource } from "./compat/go-ocpp-server/close-transaction.ts";
import { chargePointEnergyResource } from "./compat/go-ocpp-server/energy-report.ts";
import { forceStopResource } from "./compat/go-ocpp-server/force-stop.ts";
import { getConfigurationResource } from "./compat/go-ocpp-server/get-configuration.ts";
import { chargePointLogsResource } from "./compat/go-ocpp-server/logs.ts";
import { rawLogsResource } from "./compat/go-ocpp-server/raw-logs.ts";
import { stationCommandsResource } from "./compat/go-ocpp-server/station-commands.ts";
import { statusResource } from "./compat/go-ocpp-server/status.ts";
import { transactionCommandsResource } from "./compat/go-ocpp-server/transaction-commands.ts";
import { chargePointTransactionsResource } from "./compat/go-ocpp-server/transactions.ts";
import { ocpp16GoResource } from "./compat/ocpp16-go/ocpp16-go.ts";
import { connectorsResource } from "./connectors/rest/connectors.ts";
import { eventsResource } from "./events/rest/events.ts";
import type { Resource } from "./http/resource.ts";
import { keysResource } from "./http/rest/keys.ts";
import { backgroundResource } from "./jobs/rest/background.ts";
import { auditResource } from "./observability/rest/audit.ts";
import { healthResource } from "./observability/rest/health.ts";
import { logsResource } from "./observability/rest/logs.ts";
import { messagesResource } from "./observability/rest/messages.ts";
import { securityEventsResource } from "./observability/rest/security-events.ts";
import { reservationsResource } from "./reservations/rest/reservations.ts";
import { stationPasswordsResource } from "./stations/rest/passwords.ts";
import { stationsResource } from "./stations/rest/stations.ts";
import { unknownStationsResource } from "./stations/rest/unknown-stations.ts";
import { privacyResource } from "./tokens/rest/privacy.ts";
import { tokensResource } from "./tokens/rest/tokens.ts";
import { failedStopsResource } from "./transactions/rest/failed-stops.ts";
import { meterValuesResource } from "./transactions/rest/meter-values.ts";
import { remoteStartsResource } from "./transactions/rest/remote-starts.ts";
import { reportsResource } from "./transactions/rest/reports/reports.ts";
import { transactionsResource } from "./transactions/rest/transactions.ts";
import { webhooksResource } from "./webhooks/rest/webhooks.ts";

/** All groups of endpoints, in the order of the documentation. */
export const resources: readonly Resource[] = [
  stationsResource,
  connectorsResource,
  stationPasswordsResource,
  unknownStationsResource,
  transactionsResource,
  meterValuesResource,
  failedStopsResource,
  remoteStartsResource,
  reportsResource,
  tokensResource,
  reservationsResource,
  callsResource,
  commandsResource,
  jobsResource,
  eventsResource,
  webhooksResource,
  logsResource,
  messagesResource,
  securityEventsResource,
  healthResource,
  backgroundResource,
  keysResource,
  auditResource,
  privacyResource,
  statusResource,
  chargePointsResource,
  chargePointTransactionsResource,
  closeTransactionResource,
  transactionCommandsResource,
  stationCommandsResource,
  getConfigurationResource,
  forceStopResource,
  authorizationsResource,
  chargePointEnergyResource,
  chargePointLogsResource,
  rawLogsResource,
  ocpp16GoResource,
];
