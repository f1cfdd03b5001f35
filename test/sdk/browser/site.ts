import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What the pages may do: run scripts of this site and open WebSockets to this machine. No eval, nothing inline. */
const policy = "default-src 'none'; script-src 'self'; connect-src ws://127.0.0.1:*";

/** A site with the pages of the test. */
export interface Site {
  /** The address of a page with its parameters. */
  readonly url: (page: string, parameters: readonly (readonly [string, string])[]) => string;
  /** The violations of the policy that browsers reported. */
  readonly reports: readonly string[];
  /** Resolves when a violation on a page has been reported. */
  readonly reported: (page: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const pages = [
  new URL("./pages/station.ts", import.meta.url),
  new URL("./pages/observer.ts", import.meta.url),
  new URL("./pages/limits.ts", import.meta.url),
  new URL("./pages/control.ts", import.meta.url),
];

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: pages.map((page) => fileURLToPath(page)),
    outdir: "pages",
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["@ocpp/source"],
    logLevel: "silent",
  });
  return new Map(outputFiles.map(({ path, text }) => [`/${path.split(/[/\\]/).at(-1) ?? ""}`, text]));
}

/** Bundles the pages and serves them from 127.0.0.1, under the policy. */
export async function startSite(): Promise<Site> {
  const scripts = await bundle();
  const reports: string[] = [];
  const arrivals = new EventEmitter();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const script = scripts.get(pathname);
    const page = scripts.has(pathname.replace(".html", ".js"));
    if (pathname === "/report") {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      request.on("end", () => {
        reports.push(body);
        arrivals.emit("report");
        response.writeHead(204).end();
      });
    } else if (script !== undefined) {
      response.writeHead(200, { "Content-Type": "text/javascript; charset=utf-8" }).end(script);
    } else if (page) {
      const headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": `${policy}; report-uri /report`,
      };
      const source = pathname.replace(".html", ".js");
      response
        .writeHead(200, headers)
        .end(`<!doctype html><title>OCPP</title><body><script type="module" src="${source}"></script>`);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: (page, parameters) =>
      `http://127.0.0.1:${port}/${page}.html?${new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString()}`,
    reports,
    reported: async (page) => {
      while (!reports.some((report) => report.includes(`/${page}.html`))) await once(arrivals, "report");
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
