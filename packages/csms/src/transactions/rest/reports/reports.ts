import type { Resource } from "../../../http/resource.ts";
import { isoTime, isoTimeOrNull } from "../../../shared/iso-time.ts";
import {
  boolean,
  count,
  list,
  nullable,
  number,
  record,
  type Static,
  stationId,
  string,
  time,
} from "../../../shared/schema.ts";
import type { ReportSession } from "../../repository/report-sessions.ts";
import { addEnergyReport } from "./energy-report.ts";

const sessionSchema = record({
  stationId,
  transactionId: string(),
  startedAt: time,
  stoppedAt: nullable(time),
  idToken: nullable(string()),
  energy: number("Wh within the window."),
  energyTotal: number("Wh of the whole session."),
  complete: boolean("Whether it has ended."),
  counted: boolean("Whether it counts in this window: where it stopped, or, while it runs, where it started."),
});

function sessionJson(session: ReportSession): Static<typeof sessionSchema> {
  const { stationId, transactionId, startedAt, stoppedAt, idToken, energy, energyTotal, counted } = session;
  return {
    stationId,
    transactionId,
    startedAt: isoTime(startedAt),
    stoppedAt: isoTimeOrNull(stoppedAt),
    idToken,
    energy,
    energyTotal,
    complete: stoppedAt !== null,
    counted,
  };
}

const reportSchema = record({
  startDate: { ...string(), format: "date" },
  endDate: { ...string(), format: "date" },
  timeZone: string(),
  transactions: list(sessionSchema, "The sessions that overlap the window."),
  energy: number("Wh within the window."),
  ended: count("How many stopped within the window."),
  running: count("How many started within it and still run."),
});

/** The reports. */
export const reportsResource: Resource = (app, services) => {
  addEnergyReport(app, services, {
    path: "/api/v1/reports/energy",
    operationId: "getEnergyReport",
    tag: "reports",
    schema: reportSchema,
    words: {
      session: sessionJson,
      columns: [
        "stationId",
        "transactionId",
        "startedAt",
        "stoppedAt",
        "idToken",
        "energy",
        "energyTotal",
        "complete",
        "counted",
      ],
      totals: (totals) => ({ ...totals }),
    },
  });
};
