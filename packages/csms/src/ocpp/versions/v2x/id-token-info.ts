import type { AuthorizationStatus, TokenVerdict } from "../../../tokens/rules.ts";

/** What an id token is worth, in words that both versions have. */
export interface IdTokenInfo {
  status: AuthorizationStatus;
  cacheExpiryDateTime?: string;
  groupIdToken?: { idToken: string; type: "Central" };
  evseId?: number[];
}

/** A verdict about a token of a type in those words. The EVSEs are those that it is limited to (C01.FR.20). */
export function idTokenInfo({ status, groupId, expiresAt, evseIds }: TokenVerdict, type: string): IdTokenInfo {
  return {
    // A key code that is not valid is Invalid, whether it is known or not (C04.FR.01).
    status: status === "Unknown" && type === "KeyCode" ? "Invalid" : status,
    ...(expiresAt === undefined ? {} : { cacheExpiryDateTime: new Date(expiresAt).toISOString() }),
    ...(groupId === undefined ? {} : { groupIdToken: { idToken: groupId, type: "Central" } }),
    ...(evseIds === undefined ? {} : { evseId: [...evseIds] }),
  };
}
