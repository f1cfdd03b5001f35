import type { Answer } from "./conformity.ts";

/** A request of a test, ready to be sent. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** How long an answer may take, in milliseconds. */
const patience = 15_000;

/** Sends a request. Of an answer that does not end, as a stream of events does not, what came first is taken. */
export async function send(
  apiUrl: string,
  { method, url, headers, body }: ApiRequest,
): Promise<Answer & { readonly link: string | null }> {
  const ended = new AbortController();
  const timer = setTimeout(
    () => ended.abort(new Error(`${method} ${url} was not answered in ${patience} ms`)),
    patience,
  );
  try {
    const response = await fetch(`${apiUrl}${url}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body }),
      redirect: "manual",
      signal: ended.signal,
    });
    const link = response.headers.get("link");
    const type = (response.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
    if (type === "text/event-stream") {
      await response.body?.cancel();
      return { status: response.status, type, text: "", link };
    }
    return { status: response.status, type, text: await response.text(), link };
  } finally {
    clearTimeout(timer);
  }
}

/** A value as a parameter of a query or path. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(",");
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Percent-encodes a text; lone surrogates, which cannot be, become U+FFFD, as browsers do it. */
export function encode(text: string): string {
  return encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(text)));
}
