/** The groups of operations, in the order of the documentation, and what each is about. */
export const apiTags: Readonly<Record<string, string>> = {
  stations: "Stations, their connectors, passwords and meter values, and unknown stations that were refused.",
  transactions: "Transactions, their messages and meter values, remote starts, and stops that need attention.",
  tokens: "Id tokens: who may charge.",
  reservations: "Reservations of EVSEs and connectors.",
  commands: "Commands to one station or, as a job, to many, with their state and result.",
  reports: "The energy of a period.",
  events: "Events, as a list and as a stream of server-sent events.",
  webhooks: "Webhooks: events delivered by HTTP POST, signed and retried.",
  logs: "The system log, the message log of all frames, and security events.",
  operation: "Health, metrics, background jobs and this document.",
  administration: "API keys, the audit log, and the erasure of drivers' data.",
  "go-ocpp-server": "The endpoints of go-ocpp-server, for its clients: its words, kWh, and its paths.",
  "ocpp16-go": "The endpoints of ocpp16-go, for its clients.",
};
