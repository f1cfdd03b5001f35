import type { Operator } from "../conformance/support/operator.ts";
import type { Operation } from "../rest-contract/api-document.ts";

/** Fields of lists that paths are filled in with. */
const ids = ["id", "identity", "idToken", "name"];

/**
 * Everything that REST tells whoever may ask for everything: each GET of the document, those with an id in their path for
 * each id that the list above it has; streams excepted. By what was asked.
 */
export async function everythingTold(
  operator: Operator,
  operations: readonly Operation[],
): Promise<Map<string, string>> {
  const told = new Map<string, string>();
  const rows = new Map<string, Record<string, unknown>[]>();
  const ask = async (path: string): Promise<void> => {
    const { body } = await operator.request("GET", path);
    told.set(path, typeof body === "string" ? body : JSON.stringify(body));
    if (Array.isArray(body)) rows.set(path.split("?")[0] ?? path, body as Record<string, unknown>[]);
  };
  const asked = operations.filter(({ method, path }) => method === "GET" && !path.endsWith("/stream"));
  for (const { path, parameters } of asked.filter((one) => !one.path.includes("{"))) {
    const limited = parameters.some(({ name }) => name === "limit");
    await ask(limited ? `${path}?limit=1000` : path);
  }
  for (const { path } of asked.filter((one) => one.path.includes("{"))) {
    const [before = "", after = ""] = path.split(/\/\{[^}]+\}/);
    const list = before === "/charger" ? "/api/v1/stations" : before === "/message" ? "/api/v1/commands" : before;
    for (const row of rows.get(list) ?? []) {
      const id = ids.map((field) => row[field]).find((value) => value !== undefined);
      if (typeof id === "string" || typeof id === "number") await ask(`${before}/${encodeURIComponent(id)}${after}`);
    }
  }
  return told;
}
