import { csms } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { connect } from "@ocpp/websocket";
import { present, refusalOf, required, violations } from "./outcome.ts";

/* The CSMS's side of OCPP 1.6 as a web page, which watches and commands the station that it connects to. */
present(async (parameters) => {
  const log: string[] = [];
  let stopped: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const endpoint = csms(
    v16,
    {
      StatusNotification: ({ connectorId, status }) => {
        log.push(`connector ${connectorId} ${status}`);
        return {};
      },
      StartTransaction: ({ idTag, meterStart }) => {
        log.push(`started for ${idTag} at ${meterStart} Wh`);
        return { transactionId: 42, idTagInfo: { status: "Accepted" } };
      },
      StopTransaction: ({ transactionId, meterStop }, context) => {
        log.push(`stopped ${transactionId} at ${meterStop} Wh`);
        context.afterResponse(stopped);
        return { idTagInfo: { status: "Accepted" } };
      },
    },
    { fallback: () => ({}) },
  );

  const session = connect(required(parameters, "station"), [endpoint], { identity: "alder", reconnect: false });
  const peer = await session.ready;
  log.push(peer.protocol, peer.side);
  log.push(await refusalOf(peer.call("ChangeConfiguration", { key: "k".repeat(51), value: "" })));
  log.push(await refusalOf(peer.call("ClearCache", {})));
  const start = await peer.call("RemoteStartTransaction", { idTag: "CARD", connectorId: 1 });
  log.push(`remote start ${start.status}`);
  await done;
  await session.close();
  return { log, violations };
});
