import { strict as assert } from "node:assert";
import { type Action, csms, station, type Validator } from "@ocpp/core";
import { BootNotification, type CustomData, DataTransfer, edition, Heartbeat, type HeartbeatRequest } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { serve } from "@ocpp/websocket/server";

// #region custom-data
type Slot = CustomData<{ slot: number }>;

const heartbeat: HeartbeatRequest = { customData: { vendorId: "com.example", slot: 3 } satisfies Slot };

function slotOf(customData: CustomData | undefined): number | undefined {
  return customData?.vendorId === "com.example" && typeof customData["slot"] === "number"
    ? customData["slot"]
    : undefined;
}
// #endregion custom-data
assert.equal(slotOf(heartbeat.customData), 3);

// #region subset
const subset = { ...edition, actions: { BootNotification, DataTransfer, Heartbeat } };
// #endregion subset

// #region own-action
interface AcmePing {
  readonly from: "station";
  readonly request: { readonly count: number };
  readonly response: { readonly echo: number };
}

/** Looks for one number. A validator returns the first violation, or nothing, and never throws. */
function only(field: string): Validator {
  return (value) => {
    if (typeof value !== "object" || value === null) return { kind: "type", path: [], message: "must be an object" };
    const stray = Object.keys(value).find((key) => key !== field);
    if (stray !== undefined) return { kind: "unknown-property", path: [], message: "has a property too many" };
    if (!Object.hasOwn(value, field)) return { kind: "required", path: [], message: `lacks the property "${field}"` };
    return typeof Reflect.get(value, field) === "number"
      ? undefined
      : { kind: "type", path: [field], message: "must be a number" };
  };
}

const AcmePing: Action<AcmePing> = {
  name: "AcmePing",
  from: "station",
  request: only("count"),
  response: only("echo"),
};

const extended = { ...subset, actions: { ...subset.actions, AcmePing } };
// #endregion own-action

// #region data-transfer
/** What the vendor's messages hold: request and response, by message id. */
interface Transfers {
  readonly SetColour: { readonly request: { readonly rgb: string }; readonly response: { readonly shown: boolean } };
  readonly GetColour: { readonly request: Record<string, never>; readonly response: { readonly rgb: string } };
}

type Caller = (request: { vendorId: string; messageId: string; data: unknown }) => Promise<{
  readonly status: string;
  readonly data?: unknown;
}>;

/** Types the DataTransfer of one vendor. The data is the vendor's own: check it as you would check any input. */
function transfers<T extends { [K in keyof T]: { readonly request: unknown; readonly response: unknown } }>(
  call: Caller,
  vendorId: string,
) {
  return async <K extends keyof T & string>(messageId: K, data: T[K]["request"]): Promise<T[K]["response"]> => {
    const response = await call({ vendorId, messageId, data });
    if (response.status !== "Accepted") throw new Error(`${messageId}: ${response.status}`);
    return response.data;
  };
}
// #endregion data-transfer

let colour = "000000";
const server = await serve({
  host: "127.0.0.1",
  port: 0,
  endpoints: [
    // #region own-handler
    csms(extended, {
      AcmePing: ({ count }) => ({ echo: count }),
      BootNotification: () => ({ status: "Accepted", currentTime: new Date().toISOString(), interval: 300 }),
      DataTransfer: () => ({ status: "UnknownVendorId" }),
      Heartbeat: () => ({ currentTime: new Date().toISOString() }),
    }),
    // #endregion own-handler
  ],
});
const endpoint = station(extended, {
  DataTransfer: ({ messageId, data }) => {
    if (messageId === "GetColour") return { status: "Accepted", data: { rgb: colour } };
    const rgb: unknown = typeof data === "object" && data !== null ? Reflect.get(data, "rgb") : undefined;
    if (messageId !== "SetColour" || typeof rgb !== "string") return { status: "UnknownMessageId" };
    colour = rgb;
    return { status: "Accepted", data: { shown: true } };
  },
});
const session = connect(server.url, [endpoint], { identity: "CS001" });
const peer = await session.ready;

// #region own-call
const { echo } = await peer.call("AcmePing", { count: 3 });
// #endregion own-call
assert.equal(echo, 3);
await peer.call("Heartbeat", heartbeat);
const careless = connect(
  server.url,
  [station(extended, { DataTransfer: () => ({ status: "Rejected" }) }, { validation: { outbound: "off" } })],
  { identity: "CS002" },
);
await assert.rejects((await careless.ready).callByName("AcmePing", { count: "3" }), {
  message: "TypeConstraintViolation: count must be a number",
});

const there = server.peer("CS001");
assert.ok(there !== undefined);
// #region typed-transfer
const acme = transfers<Transfers>((request) => there.call("DataTransfer", request), "com.example");
await acme("SetColour", { rgb: "00ff00" });
const { rgb } = await acme("GetColour", {});
// #endregion typed-transfer
assert.equal(rgb, "00ff00");

await Promise.all([session.close(), careless.close()]);
await server.close();
