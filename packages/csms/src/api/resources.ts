import { auditResource } from "./audit.ts";
import { authorizationsResource } from "./authorizations.ts";
import { backgroundResource } from "./background.ts";
import { callsResource } from "./calls.ts";
import { createCommandCancellations } from "./command-cancellations.ts";
import { commandsResource } from "./commands.ts";
import { closeTransactionResource } from "./compatibility/close-transaction.ts";
import { forceStopResource } from "./compatibility/force-stop.ts";
import { getConfigurationResource } from "./compatibility/get-configuration.ts";
import { ocpp16GoResource } from "./compatibility/ocpp16-go.ts";
import { stationCommandsResource } from "./compatibility/station-commands.ts";
import { statusResource } from "./compatibility/status.ts";
import { transactionCommandsResource } from "./compatibility/transaction-commands.ts";
import { connectorsResource } from "./connectors.ts";
import { eventsResource } from "./events.ts";
import { failedStopsResource } from "./failed-stops.ts";
import { healthResource } from "./health.ts";
import { jobsResource } from "./jobs.ts";
import { keysResource } from "./keys.ts";
import { knocksResource } from "./knocks.ts";
import { logsResource } from "./logs.ts";
import { messagesResource } from "./messages.ts";
import { meterValuesResource } from "./meter-values.ts";
import { privacyResource } from "./privacy.ts";
import { rawLogsResource } from "./raw-logs.ts";
import { reportsResource } from "./reports.ts";
import { reservationsResource } from "./reservations.ts";
import type { Resource } from "./resource.ts";
import { securityEventsResource } from "./security-events.ts";
import { stationPasswordsResource } from "./station-passwords.ts";
import { stationsResource } from "./stations.ts";
import { tokensResource } from "./tokens.ts";
import { transactionsResource } from "./transactions.ts";
import { webhooksResource } from "./webhooks.ts";

/** Calls and the commands that come of them, which can be cancelled. */
const commands: Resource = (app, services) => {
  const cancellations = createCommandCancellations();
  callsResource(app, services, cancellations);
  commandsResource(app, services, cancellations);
};

/** All groups of endpoints, in the order of the documentation. */
export const resources: readonly Resource[] = [
  stationsResource,
  connectorsResource,
  stationPasswordsResource,
  knocksResource,
  transactionsResource,
  closeTransactionResource,
  meterValuesResource,
  failedStopsResource,
  reportsResource,
  tokensResource,
  authorizationsResource,
  reservationsResource,
  transactionCommandsResource,
  stationCommandsResource,
  getConfigurationResource,
  forceStopResource,
  commands,
  jobsResource,
  eventsResource,
  webhooksResource,
  logsResource,
  messagesResource,
  rawLogsResource,
  securityEventsResource,
  statusResource,
  healthResource,
  backgroundResource,
  keysResource,
  auditResource,
  privacyResource,
  ocpp16GoResource,
];
