import { WebSocket } from "ws";

/*
 * Stations of OCPP 1.6 that send MeterValues with three sampled values each, one after the other, as fast as they are
 * answered or at a rate. Arguments: the URL, how many stations, seconds, messages a second over all (0: as fast as they
 * are answered). Prints what it saw as one line of JSON: messages a second, errors, and the times to the answer in ms.
 */

const [url = "", stations = "200", seconds = "10", rate = "0"] = process.argv.slice(2);
const count = Number(stations);
const interval = Number(rate) === 0 ? 0 : (count * 1_000) / Number(rate);

/** A station that makes one call at a time. */
class LoadStation {
  readonly #socket: WebSocket;
  readonly #identity: string;
  #calls = 0;
  #answered: (payload: unknown) => void = () => {};

  constructor(identity: string) {
    this.#identity = identity;
    this.#socket = new WebSocket(`${url}/${identity}`, "ocpp1.6", { perMessageDeflate: false });
    this.#socket.on("message", (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith("[3,")) this.#answered(text);
      else if (text.startsWith("[4,")) this.#answered(new Error(text));
    });
    this.#socket.on("error", () => {});
  }

  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once("open", resolve);
      this.#socket.once("close", () => {
        reject(new Error(`${this.#identity} was not let in`));
      });
    });
  }

  call(action: string, payload: string): Promise<unknown> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#calls += 1;
      this.#socket.send(`[2,"${this.#identity}-${this.#calls}","${action}",${payload}]`);
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}

const times: number[] = [];
let errors = 0;

async function run(station: LoadStation, connector: number, until: number, offset: number): Promise<void> {
  const now = new Date().toISOString();
  const started = String(
    await station.call(
      "StartTransaction",
      `{"connectorId":1,"idTag":"LOAD-${connector}","meterStart":0,"timestamp":"${now}"}`,
    ),
  );
  const transactionId = /"transactionId":(\d+)/.exec(started)?.[1] ?? "-1";
  let meter = 0;
  let due = performance.now() + offset;
  while (performance.now() < until) {
    if (interval > 0) {
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      due += interval;
    }
    meter += 10;
    const sent = performance.now();
    const answer = await station.call(
      "MeterValues",
      `{"connectorId":1,"transactionId":${transactionId},"meterValue":[{"timestamp":"${new Date().toISOString()}","sampledValue":[{"value":"${meter}","measurand":"Energy.Active.Import.Register","unit":"Wh"},{"value":"16.0","measurand":"Current.Import","unit":"A"},{"value":"230.4","measurand":"Voltage","unit":"V"}]}]}`,
    );
    times.push(performance.now() - sent);
    if (answer instanceof Error) errors += 1;
  }
}

const all = Array.from({ length: count }, (_, index) => new LoadStation(`LOAD-${index}`));
await Promise.all(all.map((station) => station.opened()));
for (const station of all) {
  await station.call("BootNotification", `{"chargePointVendor":"Bench","chargePointModel":"Load"}`);
}
const start = performance.now();
await Promise.all(
  all.map((station, index) => run(station, index, start + Number(seconds) * 1_000, (interval * index) / count)),
);
const elapsed = (performance.now() - start) / 1_000;
times.sort((a, b) => a - b);
const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;
for (const station of all) station.close();
process.stdout.write(
  `${JSON.stringify({ perSecond: times.length / elapsed, errors, p50: at(0.5), p99: at(0.99), most: at(1) })}\n`,
);
process.exit(0);
