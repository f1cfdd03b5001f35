import { parentPort, workerData } from "node:worker_threads";
import Database from "libsql";

/*
 * The database thread of `bare-durable-server.ts`: keeps what it is sent in one commit, and says so.
 */

const db = new Database(workerData as string);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec("create table messages (id integer primary key, station text, message_id text, at integer, payload text)");
const insert = db.prepare("insert into messages (station, message_id, at, payload) values (?, ?, ?, ?)");

parentPort?.on("message", (values: readonly unknown[]) => {
  db.exec("begin immediate");
  for (let at = 0; at < values.length; at += 4) insert.run(values.slice(at, at + 4));
  db.exec("commit");
  parentPort?.postMessage(undefined, []);
});
parentPort?.postMessage(undefined, []);
