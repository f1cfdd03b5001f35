import { randomBytes } from "node:crypto";
import type { Infrastructure } from "../infrastructure.ts";
import { replaceToken } from "./repository/erasure.ts";

/** Erases a token; see `TokenRegistry.erase`. */
export type TokenEraser = (token: string) => Promise<Readonly<Record<string, number>>>;

/** A pseudonym that fits into an idTag of 1.6, and that no driver holds. */
function newPseudonym(): string {
  return `ERASED-${randomBytes(6).toString("hex").toUpperCase()}`;
}

/** Makes the eraser. */
export function createTokenEraser({ store, events, clock }: Infrastructure): TokenEraser {
  return async (token) => {
    const pseudonym = newPseudonym();
    const counts = await replaceToken(store, token, pseudonym, clock.now());
    events.append({ stationId: null, kind: "token.erased", data: { pseudonym, changed: counts } });
    return counts;
  };
}
