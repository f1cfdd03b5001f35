import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Configuration } from "../config/configuration.ts";
import { ConfigurationError } from "../config/configuration-error.ts";
import { isLoopback } from "../shared/loopback.ts";
import { ApiError } from "./api-error.ts";
import type { ApiKeys, Caller } from "./api-keys.ts";
import type { Role } from "./resource.ts";
import type { WrongKeys } from "./wrong-keys.ts";

/** Who may use a route: callers with this role or a higher one, or everyone. */
export type Access = Role | "open";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may use the route; every route has one. */
    role?: Access;
    /** False where the route is not counted against the rate limit. */
    limited?: boolean;
  }

  interface FastifyRequest {
    /** Who calls; undefined where the key is wrong or missing. Handlers of routes with a role may rely on it. */
    caller: Caller | undefined;
    /** Whether it has a key that is not in force: unknown, expired or revoked. */
    wrongKey: boolean;
  }
}

const ranks: Readonly<Record<Role, number>> = { viewer: 1, operator: 2, admin: 3 };

/** The caller from this machine while there is no key. */
const localCaller: Caller = { name: "local", role: "admin" };

function hostOf(authority: string | undefined): string {
  try {
    return new URL(`http://${authority ?? ""}`).hostname;
  } catch {
    return "";
  }
}

/** What proxies add: such a request comes from another machine, wherever its connection comes from. */
const proxyHeaders = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/** Whether a request comes from this machine itself. */
function isLocal({ headers, socket }: FastifyRequest): boolean {
  return isLoopback(socket.remoteAddress ?? "") && !proxyHeaders.some((name) => name in headers);
}

/** The key of a request: `Authorization: Bearer …` or `X-API-Key`. */
function keyOf(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  const key = request.headers["x-api-key"];
  if (typeof key === "string" && key !== "") return key;
  return authorization === undefined ? undefined : /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
}

/**
 * Whether a request that was let in would still be: its key is in force, or there is none and it had none. For answers that
 * go on for long.
 */
export async function isStillAllowed(request: FastifyRequest, keys: ApiKeys): Promise<boolean> {
  const key = keyOf(request);
  return key === undefined ? !(await keys.any()) : (await keys.identify(key)) !== undefined;
}

/** The name of the caller, for records of who asked. */
export function callerName({ caller }: Pick<FastifyRequest, "caller">): string {
  return caller?.name ?? "";
}

/** What decides who may do what. */
export interface AccessControl {
  /** Whose request it is; undefined where it has no key that is in force. Rejects where a request without a key is suspicious. */
  identify(request: FastifyRequest): Promise<Caller | undefined>;
  /** Rejects unless the server may listen on this host: elsewhere than on loopback only with a key. */
  checkHost(host: string): Promise<void>;
}

/** Makes the access control over the keys. */
export function createAccess({ api }: Configuration, keys: ApiKeys): AccessControl {
  /**
   * Without keys the browser of the user of this machine is the danger: a page of another site may send requests here,
   * under a name of its own that it points to this address (DNS rebinding). So both headers must name this machine.
   */
  const checkLocal = (request: FastifyRequest): void => {
    const { host, origin } = request.headers;
    if (!isLoopback(hostOf(host))) {
      throw new ApiError(
        403,
        "Without an API key only requests to localhost are served; the Host header names another host.",
        {
          kind: "foreign-host",
        },
      );
    }
    const ours = origin === undefined || origin === `http://${host ?? ""}` || origin === `https://${host ?? ""}`;
    if (!ours && !api.cors.includes(origin)) {
      throw new ApiError(
        403,
        "Without an API key web pages of other origins are not served; list the origin in api.cors.",
        {
          kind: "foreign-origin",
        },
      );
    }
  };

  return {
    identify: async (request) => {
      const key = keyOf(request);
      if (key !== undefined) return keys.identify(key);
      if (!isLoopback(api.host) || !isLocal(request) || (await keys.any())) return undefined;
      checkLocal(request);
      return localCaller;
    },
    checkHost: async (host) => {
      if (isLoopback(host) || (await keys.any())) return;
      throw new ConfigurationError([
        {
          name: "api.host",
          text: `REST does not listen on ${host} without an API key, since everybody could use it: set OCPP_API_KEY, or make one with "ocpp-csms keys add", or listen on 127.0.0.1.`,
        },
      ]);
    },
  };
}

/** Rejects a request that its caller may not make. */
function check(request: FastifyRequest): void {
  // What is not there needs a key as well, so that nobody learns what is; answers to OPTIONS disclose nothing.
  const needed = request.routeOptions.config.role ?? "viewer";
  if (needed === "open" || request.method === "OPTIONS") return;
  const { caller } = request;
  if (caller === undefined) {
    throw new ApiError(401, "An API key is needed: Authorization: Bearer <key>, or X-API-Key: <key>.", {
      headers: { "www-authenticate": 'Bearer realm="ocpp-csms"' },
    });
  }
  if (ranks[caller.role] < ranks[needed]) {
    throw new ApiError(403, `The role ${needed} is needed; this key has the role ${caller.role}.`);
  }
}

/**
 * Adds the control to a server: who calls is found out first, then the rate limit counts by it, then it is decided. Wrong keys
 * are slowed down, right ones of the same address are not. A route without a role is an error at the start.
 */
export function addAccess(app: FastifyInstance, access: AccessControl, wrongKeys: WrongKeys): void {
  app.decorateRequest("caller", undefined);
  app.decorateRequest("wrongKey", false);
  app.addHook("onRoute", (route) => {
    if (route.method !== "OPTIONS" && route.config?.role === undefined) {
      throw new Error(
        `The route ${[route.method].flat().join()} ${route.url} says nothing of who may use it: it needs config.role`,
      );
    }
  });
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.role === "open") return;
    request.caller = await access.identify(request);
    request.wrongKey = request.caller === undefined && keyOf(request) !== undefined;
    if (request.wrongKey) await wrongKeys.refuse(request.ip);
  });
}

/** Adds the decision: after the hooks that are to come before it. */
export function addDecision(app: FastifyInstance): void {
  app.addHook("onRequest", (request, _reply, done) => {
    check(request);
    done();
  });
}
