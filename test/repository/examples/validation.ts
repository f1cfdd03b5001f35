import { strict as assert } from "node:assert";
import { csms, describeViolation, OcppError, station, ViolationError } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { edition, validateBootNotificationRequest } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { serve } from "@ocpp/websocket/server";

// #region alone
const violation = validateBootNotificationRequest({ reason: "PowerUp", chargingStation: { model: "Mono" } });
if (violation !== undefined) console.log(describeViolation(violation)); // chargingStation lacks the property "vendorName"

const { length, "unknown-property": unknownProperty } = edition.tolerances;
const request = { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "A name of 21 letters" }, extra: 1 };
validateBootNotificationRequest(request, length | unknownProperty); // undefined

// #endregion alone

assert.equal(violation && describeViolation(violation), 'chargingStation lacks the property "vendorName"');
assert.equal(violation?.kind, "required");
assert.notEqual(validateBootNotificationRequest(request), undefined);
assert.equal(validateBootNotificationRequest(request, length | unknownProperty), undefined);

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} comes later`);
};
const odd: string[] = [];

// #region policy
const endpoint = csms(
  v16,
  {
    BootNotification: ({ chargePointModel }, { identity, violation }) => {
      if (violation !== undefined) odd.push(`${identity}, ${chargePointModel}: ${describeViolation(violation)}`);
      return { status: "Accepted", currentTime: new Date().toISOString(), interval: 300 };
    },
    StatusNotification: () => ({}),
  },
  {
    fallback,
    validation: {
      tolerate: ["unknown-property"],
      actions: {
        BootNotification: { inbound: "report" },
        StatusNotification: { tolerate: ["unknown-property", "length", "lenient-date-time"] },
        MeterValues: { tolerate: ["unknown-property", "hertz"] },
      },
    },
  },
);
// #endregion policy

const server = await serve({ host: "127.0.0.1", port: 0, endpoints: [endpoint] });
// A station that says what it likes.
const careless = station(v16, {}, { fallback, validation: { outbound: "off" } });
const session = connect(server.url, [careless], { identity: "CP001" });
const peer = await session.ready;

const boot = { chargePointVendor: "Acme", chargePointModel: "A model of more than twenty letters" };
assert.equal((await peer.call("BootNotification", boot)).status, "Accepted");
assert.equal(odd.length, 1);
assert.match(odd[0] ?? "", /^CP001, A model of more than twenty letters: chargePointModel /);
const info = "Everything is all right here, thank you, how are you?";
await peer.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Available", info });

// #region rejected
try {
  await peer.callByName("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Idle" });
} catch (error) {
  if (OcppError.is(error)) console.log(error.message); // PropertyConstraintViolation: status must be …
}
// #endregion rejected
const refusal = peer.callByName("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Idle" });
await assert.rejects(refusal, { name: "OcppError", message: /^PropertyConstraintViolation: status must be / });

const careful = connect(server.url, [station(v16, {}, { fallback })], { identity: "CP002" });
const held = (await careful.ready).call("BootNotification", boot);
await assert.rejects(held, (error) => ViolationError.is(error) && error.violation.kind === "length");

await Promise.all([session.close(), careful.close()]);
await server.close();
