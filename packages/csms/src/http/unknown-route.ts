import type { FastifyInstance } from "fastify";
import { ApiError } from "./api-error.ts";

/** The methods of the routes by their path, with a pattern for it. */
interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

function patternOf(url: string): RegExp {
  const source = url
    .split("/")
    .map((part) => (part.startsWith(":") ? "[^/]+" : part === "*" ? ".*" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")))
    .join("/");
  return new RegExp(`^${source}$`);
}

/** Answers what no route is for: 405 with `Allow` where the path has other methods, else 404. Before the routes are added. */
export function addUnknownRoutes(app: FastifyInstance): void {
  const paths = new Map<string, KnownPath>();
  app.addHook("onRoute", ({ url, method }) => {
    const known = paths.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    paths.set(url, known);
    for (const one of [method].flat()) known.methods.add(one);
  });
  app.setNotFoundHandler((request) => {
    const [path = "/"] = request.url.split("?");
    const allowed = [...paths.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap(({ methods }) => [...methods]);
    const others = [...new Set(allowed)].filter((method) => method !== "OPTIONS").sort();
    if (others.length > 0) {
      throw new ApiError(405, `${request.method} is not served here; ${others.join(", ")} is.`, {
        headers: { allow: others.join(", ") },
      });
    }
    throw new ApiError(404, "There is nothing at this path; /docs lists what there is.");
  });
}
