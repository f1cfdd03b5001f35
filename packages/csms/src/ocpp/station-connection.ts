import { type AnyPeer, type CallOptions, ConnectionError } from "@ocpp/core";
import { isSentByCsms } from "../commands/check.ts";
import type { MessageOutcome, Metrics } from "../observability/metrics.ts";
import type { StationConnection } from "../stations/connections.ts";
import type { BootGate } from "./boot-gate.ts";
import { versionOf } from "./versions/versions.ts";

/** A peer that may send what is not answered; only versions with such messages have it. */
interface SendingPeer {
  send(action: string, request: unknown): void;
}

/** Whether the station agreed to what a command asked of it; answers without a status agree. */
function isAgreed(response: unknown): boolean {
  const status =
    typeof response === "object" && response !== null && "status" in response ? response.status : "Accepted";
  return status === "Accepted";
}

/** Makes the connection of a station over its peer. */
export function createStationConnection(
  peer: AnyPeer,
  gate: BootGate,
  metrics: Pick<Metrics, "message">,
): StationConnection {
  const { identity: stationId, protocol: subprotocol } = peer;
  const protocol = versionOf(subprotocol)?.protocol;
  if (protocol === undefined) throw new TypeError(`There is no endpoint for ${subprotocol}`);

  const isUnanswered = (action: string): boolean =>
    isSentByCsms(protocol, action) && protocol.actions[action]?.response === undefined;

  const count = (action: string, outcome: MessageOutcome): void => {
    metrics.message("outbound", action, outcome);
  };

  /** What a command asks for may arrive before its answer, so it is let through from the moment of sending. */
  const ask = async (action: string, payload: unknown, options: CallOptions | undefined): Promise<unknown> => {
    const withdraw = gate.invite(action, payload);
    try {
      const response = await peer.callByName(action, payload, options);
      if (!isAgreed(response)) withdraw();
      count(action, "result");
      return response;
    } catch (error) {
      withdraw();
      count(action, ConnectionError.is(error) && error.code === "timeout" ? "timeout" : "error");
      throw error;
    }
  };

  return {
    stationId,
    protocol: subprotocol,
    unanswered: isUnanswered,
    call: async (action, payload, options) => {
      if (!isUnanswered(action)) return ask(action, payload, options);
      (peer as unknown as SendingPeer).send(action, payload);
      count(action, "sent");
      return undefined;
    },
    close: (code = 1000, reason = "") => {
      void peer.close({ code, reason, timeout: 0 });
    },
    get finished() {
      return peer.finished;
    },
    get handling() {
      return peer.handling;
    },
  };
}
