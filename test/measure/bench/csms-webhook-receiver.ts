import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/*
 * The receiver of webhooks, in a process of its own as receivers are: takes everything, and counts the events. Prints its
 * port; `GET /` answers how many events came, and how many milliseconds lay between the first and the last.
 */

let events = 0;
let first = 0;
let last = 0;

const server = createServer((request, response) => {
  if (request.method === "GET") {
    response.end(JSON.stringify({ events, milliseconds: last - first }));
    return;
  }
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (part: string) => {
    body += part;
  });
  request.on("end", () => {
    if (events === 0) first = performance.now();
    events += body.startsWith("[") ? (JSON.parse(body) as unknown[]).length : 1;
    last = performance.now();
    response.writeHead(204).end();
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
