import { station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { present, refusalOf, required, throwing, violations } from "./outcome.ts";

/* What a browser cannot do, and what a page is told of it; and a server that sends what is no frame. */
present(async (parameters) => {
  const endpoint = station(v201, {}, { fallback: () => ({ status: "Rejected" }) });
  const url = required(parameters, "raw");
  const identity = "page 2";
  const refused = [
    throwing(() => connect(url, [endpoint], { identity, password: "secret" })),
    throwing(() => connect(url.replace("//", "//page:secret@"), [endpoint], { identity })),
    throwing(() => connect(url, [endpoint], { identity, headers: { "X-Tenant": "north" } })),
    throwing(() => connect(url, [endpoint], { identity, tls: { ca: "PEM" } })),
  ];
  const nobody = connect(required(parameters, "nobody"), [endpoint], { identity, reconnect: false });
  const unreachable = await refusalOf(nobody.ready);

  const session = connect(url, [endpoint], { identity, reconnect: false });
  await session.ready;
  await session.closed;
  return { refused, unreachable, violations };
});
