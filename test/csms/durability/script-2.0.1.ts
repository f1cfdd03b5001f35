import { randomUUID } from "node:crypto";
import type { Field } from "./field-station.ts";
import type { ToldMessage, ToldReading } from "./ledger.ts";

/** The payload of the BootNotification. */
export const boot201 = { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Durable" } };

function set(time: string, register: number, context: string): object {
  const measurand = "Energy.Active.Import.Register";
  return {
    timestamp: time,
    sampledValue: [
      { value: register / 1_000, context, measurand, unitOfMeasure: { unit: "kWh" } },
      { value: 11.04, context, measurand: "Power.Active.Import", unitOfMeasure: { unit: "kW" } },
    ],
  };
}

/** One car at a station of 2.0.1: Started, some Updated, Ended; between cars a reading of the clock. */
export async function charge201(field: Field): Promise<void> {
  const { identity, chance, ledger, deliver, now } = field;
  const evse = { id: chance.between(1, 2), connectorId: 1 };
  const idToken = `TOKEN${chance.between(1, 500)}`;
  const transactionId = randomUUID();
  const messages: ToldMessage[] = [];
  const readings: ToldReading[] = [];
  let register = chance.between(0, 1_000_000);
  const meterStart = register;

  const tell = async (type: ToldMessage["type"], trigger: string, context: string, more: object): Promise<void> => {
    const time = now();
    const seqNo = messages.length;
    const { transactionInfo = {}, ...rest } = more as { transactionInfo?: object };
    await deliver("TransactionEvent", {
      eventType: type,
      timestamp: time,
      triggerReason: trigger,
      seqNo,
      transactionInfo: { transactionId, ...transactionInfo },
      meterValue: [set(time, register, context)],
      ...rest,
    });
    messages.push({ type, seqNo, time });
    readings.push({ time, register });
  };

  const token = { idToken, type: "ISO14443" };
  await tell("Started", "Authorized", "Transaction.Begin", {
    evse,
    idToken: token,
    transactionInfo: { chargingState: "Charging" },
  });
  for (let left = chance.between(0, 6); left > 0; left -= 1) {
    register += chance.between(0, 500);
    await tell("Updated", "MeterValuePeriodic", "Sample.Periodic", {});
  }
  register += chance.between(0, 500);
  await tell("Ended", "StopAuthorized", "Transaction.End", {
    idToken: token,
    transactionInfo: { stoppedReason: "Local", chargingState: "Idle" },
  });
  ledger.transactions.push({
    stationId: identity,
    protocol: "ocpp2.0.1",
    transactionId,
    idToken,
    meterStart,
    meterStop: register,
    messages,
    readings,
  });
  if (chance.next() < 0.3) {
    const time = now();
    await deliver("MeterValues", { evseId: evse.id, meterValue: [set(time, register, "Sample.Clock")] });
    ledger.readings.push({ stationId: identity, time, register });
  }
}
