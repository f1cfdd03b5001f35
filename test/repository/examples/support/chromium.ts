import { existsSync } from "node:fs";

/** Where a Chromium is installed; `undefined` where there is none. */
export function findChromium(): string | undefined {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return [process.env["CHROMIUM"], ...places].find((path) => path !== undefined && existsSync(path));
}
