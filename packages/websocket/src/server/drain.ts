import { closeCode } from "./close-code.ts";
import type { Gate } from "./gate.ts";
import type { ServerCloseOptions } from "./ocpp-server.ts";
import type { Placement } from "./placement.ts";
import type { Registry } from "./registry.ts";

/**
 * Empties a server: nobody is let in any more, calls in flight finish or run out of time, every station is closed, and
 * then the port is given back. Stations that do not answer the closing handshake are cut off by `Liveness`.
 */
export async function drain(
  gate: Gate,
  registry: Registry,
  placement: Placement,
  { timeout, code = closeCode.goingAway, reason = "The server is closing" }: ServerCloseOptions,
): Promise<void> {
  gate.shut();
  const options = { code, reason, ...(timeout === undefined ? {} : { timeout }) };
  await Promise.all(Array.from(registry.current(), async ({ peer }) => peer?.close(options)));
  await registry.emptied();
  await placement.close();
}
