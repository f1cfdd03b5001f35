// Protocols made of parts: subsets by value, and vendors' actions added to one.
import { type Action, connectPeer, csms, type Peer, station } from "@ocpp/core";
import { BootNotification, edition, Heartbeat, v201 } from "@ocpp/v201";
import { transport } from "../connections.ts";
import { same } from "./assertion.ts";

// A small station: nothing of what it leaves out is bundled, and what it has is typed as in the whole.
const small = { ...edition, actions: { BootNotification, Heartbeat } };
const peer = connectPeer(transport, station(small, {}));
const beat = await peer.call("Heartbeat", {});
same<typeof beat.currentTime, string>(true);
same<typeof peer.protocol, "ocpp2.0.1">(true);

// A vendor's actions, one that is answered and one that is not.
export const AcmePing: Action<{
  from: "station";
  request: { count: number };
  response: { count: number; note?: string };
}> = {
  name: "AcmePing",
  from: "station",
  request: (value) =>
    typeof value === "object" ? undefined : { kind: "type", path: [], message: "must be an object" },
  response: () => undefined,
};
declare const AcmeTrace: Action<{ from: "both"; request: { line: string } }>;

const acme = { ...v201, actions: { ...v201.actions, AcmePing, AcmeTrace } };
const endpoint = csms(
  acme,
  {
    AcmePing: ({ count }, context) => {
      context.peer.send("AcmeTrace", { line: "pinged" });
      return { count: count + 1 };
    },
    AcmeTrace: ({ line }) => console.log(line.trim()),
    Authorize: async () => ({ idTokenInfo: { status: "Accepted" } }),
  },
  { fallback: () => ({}) },
);
export const acmePeer: Peer<typeof acme, "csms"> = connectPeer(transport, endpoint);
await acmePeer.call("Reset", { type: "OnIdle" });

declare const acmeStation: Peer<typeof acme, "station">;
const { count, note } = await acmeStation.call("AcmePing", { count: 1 });
same<typeof count, number>(true);
same<typeof note, string | undefined>(true);
acmeStation.send("AcmeTrace", { line: "x" });
