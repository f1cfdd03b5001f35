// What the CSMS sends is called by a station made from an endpoint.
import { connectPeer, station } from "@ocpp/core";
import { transport } from "../connections.ts";
import { small16 } from "../subsets.ts";

const peer = connectPeer(
  transport,
  station(small16, {
    DataTransfer: () => ({ status: "UnknownVendorId" }),
    RemoteStartTransaction: () => ({ status: "Accepted" }),
    Reset: () => ({ status: "Accepted" }),
  }),
);
// error TS2345: "Reset is sent by the csms, not by the station"
await peer.call("Reset", { type: "Soft" });
