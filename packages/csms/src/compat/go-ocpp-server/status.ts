import type { Resource } from "../../http/resource.ts";
import { isoTime } from "../../shared/iso-time.ts";
import { choice, record, string, time, whole } from "../../shared/schema.ts";
import { createStationRepository } from "../../stations/repository/stations.ts";

/** How long something took, as Go writes it: `26h3m4s`. */
function durationText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

/** The status of the CSMS, as go-ocpp-server tells it. */
export const statusResource: Resource = (app, { store, connections, clock, configuration }) => {
  const stations = createStationRepository(store);
  const startedAt = clock.now();
  app.get(
    "/api/status",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getStatus",
        summary: "Get the status of the CSMS.",
        tags: ["go-ocpp-server"],
        response: {
          200: {
            description: "How it is.",
            ...record({
              status: choice("Always this.", ["running"]),
              serverTime: time,
              chargePointsTotal: whole("How many stations there are."),
              chargePointsConnected: whole("How many of them are connected."),
              databaseType: choice("What the data is stored in.", ["sqlite", "postgres"]),
              uptime: { type: "string", examples: ["26h3m4s"] },
              uptimeSeconds: whole("The same in seconds."),
              systemName: string(),
            }),
          },
        },
      },
    },
    async () => {
      const now = clock.now();
      return {
        status: "running" as const,
        serverTime: isoTime(now),
        chargePointsTotal: await stations.count(),
        chargePointsConnected: connections.size,
        databaseType: store.kind,
        uptime: durationText(now - startedAt),
        uptimeSeconds: Math.floor((now - startedAt) / 1_000),
        systemName: configuration.systemName,
      };
    },
  );
};
