import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";

/** One frame of an event stream as a client reads it. */
export interface ReadFrame {
  readonly id: number | undefined;
  readonly event: string | undefined;
  readonly data: unknown;
}

/** A client of an event stream. */
export interface StreamClient {
  readonly headers: IncomingHttpHeaders;
  /** Everything that came, comments included. */
  readonly text: () => string;
  /** Reads until so many frames with data have come in all, or the stream ends. */
  frames(count: number): Promise<ReadFrame[]>;
  /** Reads until there is this text, or the stream ends. */
  until(text: string): Promise<void>;
  /** Reads to the end. */
  end(): Promise<void>;
  /** Goes away. */
  close(): void;
}

/** A frame of the stream; undefined for one without data, such as a comment. */
function parse(block: string): ReadFrame | undefined {
  const fields = new Map(
    block.split("\n").map((line) => {
      const at = line.indexOf(": ");
      return [line.slice(0, at), line.slice(at + 2)];
    }),
  );
  const [id, data] = [fields.get("id"), fields.get("data")];
  if (data === undefined) return undefined;
  return {
    id: id === undefined ? undefined : Number(id),
    event: fields.get("event"),
    data: JSON.parse(data) as unknown,
  };
}

/**
 * Opens an event stream over a socket of its own: `fetch` would connect anew when a stream is left, and a server that
 * closes waits for such a connection.
 */
export async function openStream(url: string, headers: Readonly<Record<string, string>> = {}): Promise<StreamClient> {
  const asking = request(url, { headers, agent: false });
  asking.end();
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  response.setEncoding("utf8");
  // Who leaves in the middle gets an error, which is what it wants.
  response.on("error", () => undefined);
  const pieces = response[Symbol.asyncIterator]() as AsyncIterator<string>;
  const read: string[] = [];
  /** What has come of a frame that is not whole yet. */
  let rest = "";
  const frames: ReadFrame[] = [];
  const more = async (): Promise<boolean> => {
    const { done, value } = await pieces.next();
    if (done === true) return false;
    read.push(value);
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const frame = parse(block);
      if (frame !== undefined) frames.push(frame);
    }
    return true;
  };
  if (response.statusCode !== 200) throw new Error(`${url} was answered with ${response.statusCode}`);
  return {
    headers: response.headers,
    text: () => read.join(""),
    frames: async (count) => {
      while (frames.length < count && (await more()));
      return [...frames];
    },
    until: async (wanted) => {
      while (!read.join("").includes(wanted) && (await more()));
    },
    end: async () => {
      while (await more());
    },
    close: () => {
      asking.destroy();
    },
  };
}
