/**
 * Whether a status says that nothing charges at the connector any more: one that is reported while a transaction is open
 * there hints at an end that got lost, as with a power loss.
 */
export function contradictsTransaction(status: string): boolean {
  return status === "Available" || status === "Faulted";
}

/** Whether a connector with this status can no longer honour a reservation. */
export function losesReservation(status: string): boolean {
  return status === "Faulted" || status === "Unavailable";
}

/** Whether a status was said of the station as a whole: connector 0 of 1.6, EVSE 0 of 2.x. */
export function isOfStation(evseId: number): boolean {
  return evseId === 0;
}

const statuses2x: ReadonlySet<string> = new Set(["Available", "Occupied", "Reserved", "Unavailable", "Faulted"]);

/** Whether a text is a status that a connector of 2.x may have (ConnectorStatusEnumType, AvailabilityState). */
export function isStatus2x(text: string): boolean {
  return statuses2x.has(text);
}
