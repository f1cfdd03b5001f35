import type { Configuration } from "../config/configuration.ts";
import type { TokenRegistry } from "./registry.ts";

/**
 * Enters the id tokens that the configuration names and that are not known yet. Those that are known stay as they are: what
 * operators have changed since counts.
 */
export async function enterPredefinedTokens(
  tokens: Pick<TokenRegistry, "get" | "put">,
  { tokens: { predefined } }: Pick<Configuration, "tokens">,
): Promise<void> {
  for (const { token, ...settings } of predefined) {
    if ((await tokens.get(token)) === undefined) await tokens.put(token, settings);
  }
}
