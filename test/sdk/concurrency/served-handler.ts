import { connectPeer, csms, type Handlers, manualClock, memoryPair, type PeerOptions, type Report } from "@ocpp/core";
import { type BareEnd, bareEnd } from "./bare-end.ts";
import { type Chore, type GossipProtocol, gossip, type Outcome } from "./gossip-protocol.ts";
import { tallied } from "./tallied-clock.ts";

type Rumour = Handlers<GossipProtocol, "csms">["Rumour"];
type Gossip = (
  request: Chore,
  context: Parameters<Handlers<GossipProtocol, "csms">["Gossip"]>[1],
) => Outcome | Promise<Outcome>;

/** A peer with the handler under test, and the bare other end of its connection. */
export function serve(handle: Gossip, options: PeerOptions = {}, rumour: Rumour = () => {}) {
  const clock = manualClock();
  const peers = tallied(clock);
  const reports: Report[] = [];
  const [near, far] = memoryPair("gossip", { clock });
  const peer = connectPeer(near, csms(gossip, { Gossip: handle, Rumour: rumour }), {
    clock: peers,
    report: (report) => reports.push(report),
    ...options,
  });
  return { clock, peers, peer, reports, other: bareEnd(far) };
}

/** A chore in short. */
export const chore = (token: string, work = 0, way: Chore["way"] = "answer"): Chore => ({ token, work, way });

/** Sends a call for each token, with the token as its id, without waiting. */
export function ask(other: BareEnd, ...tokens: string[]): void {
  for (const token of tokens) other.send(2, token, "Gossip", chore(token));
}
