import type { FastifyInstance, FastifyRequest } from "fastify";
import { createRefusalLog } from "../observability/refusal-log.ts";
import type { Services } from "../services.ts";
import { addressKey, createRateLimit } from "../shared/rate-limit.ts";
import { createAuditInsertion } from "./repository.ts";

/** Methods that change nothing. */
const reading: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** How long a path may be in the audit log. */
const longest = 500;

/** How many rows a minute there are of requests without a key that is in force: in all, and from one address. */
const withoutKey = 300;
const withoutKeyOfAddress = 60;
/** How many lines a minute in the system log tell of a wrong key. */
const wrongKeyLines = 10;

/**
 * Records everything that was asked for and may change something, also where it was refused, and everything that was
 * asked for with a wrong key: who, from where, what, and how it ended. Neither bodies nor queries, which hold personal data. Of those who have no key, who may be anybody, so
 * many a minute are kept, and the others counted in the system log.
 */
export function addAudit(app: FastifyInstance, { store, clock, systemLog }: Services): void {
  const refusals = createRefusalLog(systemLog, clock, 1);
  const wrongKeys = createRefusalLog(systemLog, clock, wrongKeyLines);
  const limit = createRateLimit({ perMinute: withoutKey, mostKeys: 1 }, clock);
  const limitOfAddress = createRateLimit({ perMinute: withoutKeyOfAddress }, clock);
  const isKept = ({ caller, ip }: FastifyRequest): boolean => {
    if (caller !== undefined || (limitOfAddress.take(addressKey(ip)) && limit.take(""))) return true;
    refusals.count("request");
    return false;
  };
  const insert = createAuditInsertion(store);
  app.addHook("onResponse", (request, reply, done) => {
    if (request.wrongKey) wrongKeys.write("key", `A request to REST had a wrong key; it came from ${request.ip}`);
    if ((request.wrongKey || !reading.includes(request.method)) && isKept(request)) {
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
  app.addHook("onClose", (_app, done) => {
    refusals.close();
    wrongKeys.close();
    done();
  });
}
