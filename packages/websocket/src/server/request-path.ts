/** An opening request's target, taken apart. */
export interface RequestPath {
  /** The path as it was sent, not decoded, without the query. */
  readonly path: string;
  readonly query: string;
}

/** Parts path and query of a request target, also of one in absolute form (RFC 9112 §3.2.2). */
export function readRequestPath(target: string): RequestPath {
  const relative = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, "");
  const mark = relative.indexOf("?");
  return mark < 0 ? { path: relative, query: "" } : { path: relative.slice(0, mark), query: relative.slice(mark + 1) };
}

/** Whether a path lies below the server's own, such as `/ocpp/CS001` and `/ocpp/tenant/CS001` below `/ocpp`. */
export function isBelow(path: string, base: string): boolean {
  return base === "" || path.startsWith(`${base}/`);
}

/** Writes the server's own path without a slash at its end, with one at its beginning. Empty for the root. */
export function basePath(path: string | undefined): string {
  const bare = (path ?? "").replace(/^\/+|\/+$/g, "");
  if (/[?#]/.test(bare)) throw new TypeError("The path of a server has neither query nor fragment");
  return bare === "" ? "" : `/${bare}`;
}

/**
 * The identity of the station: the last segment of the path, percent-decoded (OCPP-J 2.0.1 §3.1.1). A slash behind it is
 * forgiven. `undefined` where the encoding is broken.
 */
export function identityOf(path: string): string | undefined {
  const bare = path.endsWith("/") ? path.slice(0, -1) : path;
  try {
    return decodeURIComponent(bare.slice(bare.lastIndexOf("/") + 1));
  } catch {
    return undefined;
  }
}
