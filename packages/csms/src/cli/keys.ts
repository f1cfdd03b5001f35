import { systemClock } from "@ocpp/core";
import type { ApiKeys } from "../http/api-keys.ts";
import { StoreError } from "../store/store-error.ts";
import type { ApiKeyRow } from "../store/tables/http.ts";
import { type Command, type CommandInput, takeArguments, UsageError } from "./command.ts";
import { withDatabase } from "./open-database.ts";

const roles: readonly ApiKeyRow["role"][] = ["viewer", "operator", "admin"];

function stateOf({ revoked_at, expires_at }: ApiKeyRow): string {
  if (revoked_at !== null) return `revoked ${new Date(revoked_at).toISOString()}`;
  if (expires_at === null) return "in force";
  return `${expires_at <= Date.now() ? "expired" : "in force until"} ${new Date(expires_at).toISOString()}`;
}

/** Opens the keys in the database; the key of the configuration is none of them. */
async function withKeys<T>({ configuration }: CommandInput, work: (keys: ApiKeys) => Promise<T>): Promise<T> {
  const read = configuration();
  const { createApiKeys } = await import("../http/api-keys.ts");
  try {
    return await withDatabase(read, async (store) => work(await createApiKeys({ ...read, store, clock: systemClock })));
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "locked") throw error;
    throw new StoreError("locked", `${error.message}. While the CSMS runs, /api/v1/keys adds, lists and revokes keys`, {
      cause: error,
    });
  }
}

/** `ocpp-csms keys` */
export const keys: Command = {
  usage: "keys add <name> | list | revoke <id>",
  description:
    "Adds a key to the REST interface and prints it, which happens this once; lists the keys; takes one out of force. While the CSMS runs on SQLite it has the file to itself: use /api/v1/keys then.",
  flags: {
    role: { type: "string", doc: "viewer, operator or admin; operator unless given" },
    days: { type: "string", doc: "after how many days the key expires; never unless given" },
  },
  run: async (input) => {
    const { terminal, flags, positionals } = input;
    const [what = "", argument = ""] = positionals;
    if (what === "list") {
      takeArguments(positionals, 1, 1, keys);
      for (const row of await withKeys(input, (all) => all.list())) {
        terminal.out([row.id, `${row.prefix}…`, row.role, stateOf(row), row.name].join("\t"));
      }
      return 0;
    }
    if (what === "add") {
      takeArguments(positionals, 2, 2, keys);
      const role = roles.find((known) => known === (flags.get("role") ?? "operator"));
      if (role === undefined) throw new UsageError(`--role must be one of ${roles.join(", ")}.`);
      const days = flags.get("days");
      if (days !== undefined && !(Number(days) > 0)) throw new UsageError("--days must be a number above 0.");
      const expiresAt = days === undefined ? undefined : Date.now() + Number(days) * 86_400_000;
      const { row, key } = await withKeys(input, (all) => all.add(argument, role, expiresAt));
      terminal.err(`Key ${row.id} with the role ${role}. It is shown this once:`);
      terminal.out(key);
      return 0;
    }
    if (what === "revoke") {
      takeArguments(positionals, 2, 2, keys);
      if (!/^\d{1,16}$/.test(argument)) throw new UsageError("A key is revoked by its number: see keys list.");
      if (await withKeys(input, (all) => all.revoke(Number(argument)))) return 0;
      terminal.err(`There is no key ${argument} in force.`);
      return 1;
    }
    throw new UsageError(`What about the keys? Usage: ocpp-csms ${keys.usage}`);
  },
};
