/** An answer of the REST interface. */
export interface RestAnswer {
  readonly status: number;
  /** The body as JSON; the text where it is none. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** An operator, who works with the public REST interface only. */
export interface Operator {
  request(method: string, path: string, body?: unknown): Promise<RestAnswer>;
  /** A request that must succeed, with the body of its answer. */
  get<T = unknown>(path: string): Promise<T>;
  post<T = unknown>(path: string, body: unknown): Promise<T>;
  put<T = unknown>(path: string, body: unknown): Promise<T>;
  patch<T = unknown>(path: string, body: unknown): Promise<T>;
  remove(path: string): Promise<void>;
  /** Sends any message to a station through the generic endpoint; resolves with what REST answers. */
  call(stationId: string, action: string, payload: object): Promise<RestAnswer>;
}

/** An operator of the CSMS whose REST interface is at a URL. */
export function operatorOf(apiUrl: string, apiKey?: string): Operator {
  const request = async (method: string, path: string, body?: unknown): Promise<RestAnswer> => {
    const response = await fetch(new URL(path, apiUrl), {
      method,
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(apiKey === undefined ? {} : { "X-API-Key": apiKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    let parsed: unknown = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Not everything is JSON: metrics, CSV, an empty body.
    }
    return { status: response.status, body: parsed, headers: response.headers };
  };
  const succeed = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await request(method, path, body);
    if (answer.status >= 400) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body as T;
  };
  return {
    request,
    get: (path) => succeed("GET", path),
    post: (path, body) => succeed("POST", path, body),
    put: (path, body) => succeed("PUT", path, body),
    patch: (path, body) => succeed("PATCH", path, body),
    remove: async (path) => {
      await succeed("DELETE", path);
    },
    call: (stationId, action, payload) =>
      request("POST", `/api/v1/stations/${encodeURIComponent(stationId)}/calls/${action}`, payload),
  };
}
