// A library on top of ours writes its own declarations: every type that it needs has a name.
import { csms, type Endpoint, type Peer, type Reporter, type Validation } from "@ocpp/core";
import { BootNotification, type Edition, edition, Heartbeat } from "@ocpp/v201";

export interface Small extends Edition {
  readonly actions: { readonly BootNotification: typeof BootNotification; readonly Heartbeat: typeof Heartbeat };
}

export const small: Small = { ...edition, actions: { BootNotification, Heartbeat } };

export const lenient: Validation = { inbound: "report", tolerate: ["length"] };

export function gateway(now: () => string): Endpoint<Small, "csms"> {
  return csms(small, {
    BootNotification: () => ({ status: "Accepted", currentTime: now(), interval: 300 }),
    Heartbeat: async () => ({ currentTime: now() }),
  });
}

export async function beat(peer: Peer<Small, "station">): Promise<string> {
  return (await peer.call("Heartbeat", {})).currentTime;
}

export const silent: Reporter = () => {};
