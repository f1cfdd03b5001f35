import { WebSocket } from "ws";

/** Opens as many idle connections as it is told, first by its second argument and then by messages, and says when. */

const [port, first] = process.argv.slice(2);
let opened = 0;

async function open(count: number): Promise<void> {
  for (let done = 0; done < count; done += 50) {
    await Promise.all(
      Array.from({ length: Math.min(50, count - done) }, async () => {
        opened += 1;
        const socket = new WebSocket(`ws://127.0.0.1:${port}/CS${opened}`, "ocpp2.0.1", { perMessageDeflate: false });
        await new Promise((resolve) => socket.once("open", resolve));
        socket.on("error", () => {});
      }),
    );
  }
  process.send?.(count);
}

process.on("message", (count) => {
  void open(Number(count));
});
await open(Number(first));
