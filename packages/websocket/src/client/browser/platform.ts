import { ConnectionError } from "@ocpp/core";
import type { Settings } from "../connect-options.ts";
import type * as node from "../node/platform.ts";

/* What stands in a browser for `../node/platform.ts`, which see. */

export { unknownHandshake as failedHandshake } from "../handshake-error.ts";

/** A browser takes no options. Throws a ConnectionError `unsupported` where settings need some. */
export function socketOptionsOf(
  { headers, tls, agent }: Settings,
  _username: string,
  password?: string | Uint8Array,
): object {
  if ((password ?? headers ?? tls ?? agent) !== undefined)
    throw new ConnectionError(
      "unsupported",
      "A browser sends no password or headers and has its own TLS: use a ticket",
    );
  return {};
}

/** A browser does not tell what the server answered. */
export const watchRefusal: typeof node.watchRefusal = () => {};

/** A browser cannot ping. */
export const startPing: typeof node.startPing = () => () => {};

/** Calls `arrived` with each frame, `undefined` for a binary one. */
export const onFrame: typeof node.onFrame = (socket, arrived) => {
  socket.addEventListener("message", ({ data }) => {
    arrived(typeof data === "string" ? data : undefined);
  });
};
