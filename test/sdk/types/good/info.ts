// What authenticate returned is typed in handlers and on the peer.
import { connectPeer, type Endpoint, withInfo } from "@ocpp/core";
import { transport } from "../connections.ts";
import { small201 } from "../subsets.ts";
import { same } from "./assertion.ts";

interface Account {
  readonly tenant: string;
}

const { csms, station } = withInfo<Account>();
const endpoint = csms(small201, {
  Authorize: (_, context) => {
    same<typeof context.info, Account>(true);
    return { idTokenInfo: { status: context.info.tenant === "acme" ? "Accepted" : "Unknown" } };
  },
  BootNotification: (_, context) => {
    same<typeof context.peer.info, Account>(true);
    return { status: "Accepted", currentTime: "2026-01-01T00:00:00Z", interval: 1 };
  },
});
same<typeof endpoint, Endpoint<typeof small201, "csms", Account>>(true);

const peer = connectPeer(transport, endpoint, { identity: "CS-1", info: { tenant: "acme" } });
export const account: Account = peer.info;

station(small201, {}, { fallback: (_action, _request, { info }) => ({ customData: { vendorId: info.tenant } }) });
