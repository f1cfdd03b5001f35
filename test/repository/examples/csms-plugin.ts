import { OcppError } from "@ocpp/core";
import { definePlugin } from "@ocpp/csms";

// #region options
interface Window {
  /** Minutes after midnight, UTC. */
  readonly from: number;
  readonly to: number;
}

function minutes(text: unknown): number | undefined {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(typeof text === "string" ? text : "") ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

/** Reads `{ from: "23:00", to: "05:00" }`. What is thrown here is shown to the operator, and the CSMS does not start. */
function readWindow(options: unknown): Window {
  const { from, to } = Object(options) as { from?: unknown; to?: unknown };
  const window = { from: minutes(from), to: minutes(to) };
  if (window.from === undefined) throw new Error('from: must be a time such as "23:00"');
  if (window.to === undefined) throw new Error('to: must be a time such as "05:00"');
  return { from: window.from, to: window.to };
}

/** Whether a time lies in the window, which may go past midnight. */
function isWithin({ from, to }: Window, time: number): boolean {
  const now = Math.floor(time / 60_000) % 1_440;
  return from <= to ? from <= now && now < to : from <= now || now < to;
}
// #endregion options

// #region plugin
/** Nobody starts to charge while the site is being maintained. */
export const plugin = definePlugin({
  name: "maintenance-window",
  version: "1.0.0",
  setup: (host) => {
    const window = readWindow(host.options);
    const closed = (): boolean => isWithin(window, host.now());
    return {
      // #region passive
      on16: {
        Authorize: () => (closed() ? { idTagInfo: { status: "Blocked" } } : undefined),
        StartTransaction: (request, { stationId }) => {
          if (!closed()) return;
          host.log.warn({ stationId, connectorId: request.connectorId }, "A transaction began during maintenance");
          throw new OcppError("SecurityError", "The site is being maintained");
        },
      },
      on201: {
        Authorize: () => (closed() ? { idTokenInfo: { status: "NotAtThisTime" } } : undefined),
      },
      on21: {
        Authorize: () => (closed() ? { idTokenInfo: { status: "NotAtThisTime" } } : undefined),
      },
      // #endregion passive
      // #region amend
      amend201: {
        TransactionEvent: ({ eventType }) =>
          eventType === "Started"
            ? { updatedPersonalMessage: { format: "UTF8", content: "The site is closed at night" } }
            : undefined,
      },
      // #endregion amend
      // #region data-transfer
      dataTransfers: [
        {
          vendorId: "com.example.site",
          messageId: "Maintenance",
          answer: () => ({ status: "Accepted", data: JSON.stringify({ closed: closed() }) }),
        },
      ],
      // #endregion data-transfer
      // #region active
      onOnline: async (stationId) => {
        if (!closed()) return;
        const outcome = await host.operations.changeAvailability(stationId, "Inoperative", host.name);
        host.log.info({ stationId, status: outcome.status }, "The station was taken out of service");
      },
      events: {
        "command.failed": ({ stationId, data }) => {
          host.log.debug({ stationId, data }, "A command failed");
        },
      },
      // #endregion active
    };
  },
});
// #endregion plugin
