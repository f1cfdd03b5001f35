import { csms, type Peer, withInfo } from "@ocpp/core";
import type { V16 } from "@ocpp/v16";
import { type V201, v201 } from "@ocpp/v201";
import { connect, type Session } from "@ocpp/websocket";
import { expectTypeOf } from "vitest";
import { station16, station201 } from "./stations.ts";

type Station201 = Peer<V201, "station">;
type Station16 = Peer<V16, "station">;

const session = connect("ws://h/ocpp", [station201, station16], {
  identity: "CS001",
  onPeer: (peer) => {
    expectTypeOf(peer).toEqualTypeOf<Station201 | Station16>();
  },
});

expectTypeOf(session).toEqualTypeOf<Session<Station201 | Station16>>();
expectTypeOf(session.ready).toEqualTypeOf<Promise<Station201 | Station16>>();
expectTypeOf(session.peer).toEqualTypeOf<Station201 | Station16 | undefined>();

export async function narrowing(): Promise<void> {
  const peer = await session.ready;
  if (peer.protocol === "ocpp1.6") {
    expectTypeOf(peer).toEqualTypeOf<Station16>();
    await peer.call("StartTransaction", {
      connectorId: 1,
      idTag: "A",
      meterStart: 0,
      timestamp: "2026-01-01T00:00:00Z",
    });
    // @ts-expect-error: 1.6 has no TransactionEvent.
    await peer.call("TransactionEvent", {});
  } else {
    expectTypeOf(peer).toEqualTypeOf<Station201>();
    // @ts-expect-error: 2.0.1 has no StartTransaction.
    await peer.call("StartTransaction", {});
    // @ts-expect-error: a Reset is sent by the csms.
    await peer.call("Reset", { type: "OnIdle" });
  }
  for await (const each of session.peers) expectTypeOf(each).toEqualTypeOf<Station201 | Station16>();
}

/** A list that the compiler sees as an array gives the same union. */
const endpoints = [station201, station16];
expectTypeOf(connect("ws://h/CS001", endpoints).ready).toEqualTypeOf<Promise<Station201 | Station16>>();

/** One endpoint gives one peer; a CSMS's side gives a CSMS's peer. */
const observer = csms(v201, {}, { fallback: () => ({}) });
expectTypeOf(connect("ws://h/CS001", [observer]).peer).toEqualTypeOf<Peer<V201, "csms"> | undefined>();

session.configure({ password: undefined, ping: { interval: 54_000 }, reconnect: { repeatTimes: 3 } });
expectTypeOf(session.reconnect({ url: "wss://h/ocpp", endpoints: [station16] })).toEqualTypeOf<
  Promise<Station201 | Station16>
>();

// @ts-expect-error: the session is one of stations.
void session.reconnect({ endpoints: [observer] });
// @ts-expect-error: listeners stay for the life of the session.
session.configure({ onPeer: () => {} });
// @ts-expect-error: there is no such option.
connect("ws://h/CS001", [station201], { pasword: "x" });
// @ts-expect-error: a client authenticates nobody, so its handlers have no account.
connect("ws://h/CS001", [withInfo<{ tenant: string }>().csms(v201, {}, { fallback: () => ({}) })]);
