import type { Field } from "./field-station.ts";
import type { ToldMessage, ToldReading } from "./ledger.ts";

/** The payload of the BootNotification. */
export const boot16 = { chargePointVendor: "Acme", chargePointModel: "Durable" };

function set(time: string, register: number, context: string): object {
  const energy = { value: String(register), context, measurand: "Energy.Active.Import.Register", unit: "Wh" };
  return {
    timestamp: time,
    sampledValue: [energy, { value: "11.04", context, measurand: "Power.Active.Import", unit: "kW" }],
  };
}

/** One car at a station of 1.6: StartTransaction, some MeterValues, StopTransaction with or without transactionData. */
export async function charge16(field: Field): Promise<void> {
  const { identity, chance, ledger, deliver, mention, now } = field;
  const connectorId = chance.between(1, 2);
  const idToken = `TAG${chance.between(1, 500)}`;
  const messages: ToldMessage[] = [];
  const readings: ToldReading[] = [];
  let register = chance.between(0, 1_000_000);
  const meterStart = register;

  const startTime = now();
  const { transactionId } = await deliver("StartTransaction", {
    connectorId,
    idTag: idToken,
    meterStart,
    timestamp: startTime,
  });
  messages.push({ type: "Started", seqNo: 0, time: startTime });
  if (chance.next() < 0.3) {
    await mention("StatusNotification", { connectorId, status: "Charging", errorCode: "NoError", timestamp: now() });
  }
  for (let left = chance.between(0, 5); left > 0; left -= 1) {
    const sets = Array.from({ length: chance.between(1, 2) }, () => {
      register += chance.between(0, 500);
      const time = now();
      readings.push({ time, register });
      return set(time, register, "Sample.Periodic");
    });
    await deliver("MeterValues", { connectorId, transactionId, meterValue: sets });
  }
  register += chance.between(0, 500);
  const stopTime = now();
  const withData = chance.next() < 0.5;
  await deliver("StopTransaction", {
    transactionId,
    idTag: idToken,
    meterStop: register,
    timestamp: stopTime,
    reason: "Local",
    ...(withData ? { transactionData: [set(stopTime, register, "Transaction.End")] } : {}),
  });
  if (withData) readings.push({ time: stopTime, register });
  messages.push({ type: "Ended", seqNo: 1, time: stopTime });
  ledger.transactions.push({
    stationId: identity,
    protocol: "ocpp1.6",
    transactionId: String(transactionId),
    idToken,
    meterStart,
    meterStop: register,
    messages,
    readings,
  });
  if (chance.next() < 0.3) {
    await mention("StatusNotification", { connectorId, status: "Available", errorCode: "NoError", timestamp: now() });
  }
}
