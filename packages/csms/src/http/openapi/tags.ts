/** The groups of operations, in the order of the documentation, and what each is about. */
export const apiTags: Readonly<Record<string, string>> = {
  stations: "Stations, their connectors, passwords and meter values, and those that were turned away.",
  transactions: "Transactions, their messages and meter values, and stops that could not be taken at their word.",
  tokens: "Id tokens: who may charge.",
  reservations: "Reservations of EVSEs and connectors.",
  commands: "What stations are asked to do, one by one or many as a job, and what became of it.",
  reports: "The energy of a period.",
  events: "What happens, as a list and as a stream of server-sent events.",
  webhooks: "What happens, sent to you by HTTP.",
  logs: "What the CSMS noticed, and what was said to and by stations.",
  operation: "How the CSMS is: health, metrics, background services and this documentation.",
  administration: "API keys, the record of changes, and the erasure of drivers' data.",
  "ocpp16-go": "The endpoints of ocpp16-go, for its clients.",
};
