import type { FastifyInstance } from "fastify";
import type { Services } from "../services/services.ts";
import type { AuditRow } from "../store/tables.ts";

/** Methods that change nothing. */
const reading: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** How long a path may be in the audit log. */
const longest = 500;

/**
 * Keeps a row of everything that was asked for and may change something, also where it was refused: who, from where, what,
 * and how it ended. Neither bodies nor queries, which hold personal data.
 */
export function addAudit(app: FastifyInstance, { store, clock }: Services): void {
  const insert = store.prepare<AuditRow>((db, row) => db.insertInto("audit").values(row));
  app.addHook("onResponse", (request, reply, done) => {
    if (!reading.includes(request.method)) {
      store.append(
        insert({
          id: store.nextId(),
          at: clock.now(),
          actor: request.caller?.name ?? "",
          role: request.caller?.role ?? "",
          remote_address: request.ip,
          method: request.method,
          path: (request.url.split("?")[0] ?? "").slice(0, longest),
          status: reply.statusCode,
        }),
      );
    }
    done();
  });
}
