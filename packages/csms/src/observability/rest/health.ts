import type { ApiServices, Resource } from "../../http/resource.ts";
import { choice, record, string } from "../../shared/schema.ts";

const state = choice("How it is.", ["ok", "failed"]);

/** How long the database may take until it is said that it does not answer, in milliseconds: probes wait little longer. */
const patience = 2_000;

/** Rejects where the database does not answer in time; a check that comes later does no harm. */
async function checkInTime({ store, clock }: Pick<ApiServices, "store" | "clock">): Promise<void> {
  let timer: unknown;
  const late = new Promise<never>((_resolve, reject) => {
    timer = clock.setTimer(() => {
      reject(new Error("The database does not answer in time"));
    }, patience);
  });
  try {
    await Promise.race([store.check(), late]);
  } finally {
    clock.clearTimer(timer);
  }
}

/** How many transactions have not ended; an index leads to them, so that this costs little however many have. */
async function countOpen(store: ApiServices["store"]): Promise<number> {
  const { open } = await store.reader
    .selectFrom("transactions")
    .select(({ fn }) => fn.countAll<number>().as("open"))
    .where("complete", "=", 0)
    .executeTakeFirstOrThrow();
  return open;
}

/**
 * What watches over the process: `/health` says that it lives, `/ready` whether it can do its work, `/metrics` what it has done,
 * for Prometheus. The first two need no key and disclose nothing but that; the metrics need the least role.
 */
export const healthResource: Resource = (app, services) => {
  const { metrics, store, gatewayReady = () => true } = services;
  app.get(
    "/health",
    {
      config: { role: "open", limited: false },
      schema: {
        operationId: "getHealth",
        summary: "Get liveness: the process answers.",
        tags: ["operation"],
        response: { 200: { description: "It lives.", ...record({ status: state }) } },
      },
    },
    () => ({ status: "ok" as const }),
  );

  const readiness = record({ status: state, database: state, stations: state });
  app.get(
    "/ready",
    {
      config: { role: "open", limited: false },
      schema: {
        operationId: "getReadiness",
        summary: "Get readiness: whether the database answers and the ports for stations are open.",
        tags: ["operation"],
        response: {
          200: { description: "They can.", ...readiness },
          503: { description: "They cannot.", ...readiness },
        },
      },
    },
    async (_request, reply) => {
      const stations = gatewayReady() ? ("ok" as const) : ("failed" as const);
      const database = await checkInTime(services).then(
        () => "ok" as const,
        () => "failed" as const,
      );
      if (database === "ok" && stations === "ok") return { status: "ok" as const, database, stations };
      return reply.code(503).header("retry-after", "5").send({ status: "failed", database, stations });
    },
  );

  app.get(
    "/metrics",
    {
      config: { role: "viewer", limited: false },
      schema: {
        operationId: "getMetrics",
        summary: "Get metrics in the text format of Prometheus.",
        tags: ["operation"],
        response: { 200: { description: "The metrics.", content: { "text/plain": { schema: string() } } } },
      },
    },
    async (_request, reply) => {
      metrics.writesLost(store.lost);
      metrics.openTransactions(await countOpen(store));
      return reply.type(metrics.contentType).send(await metrics.text());
    },
  );
};
