/** What an id token is worth: the AuthorizationStatusEnumType of 2.0.1, which holds all of 1.6. */
export type AuthorizationStatus =
  | "Accepted"
  | "Blocked"
  | "ConcurrentTx"
  | "Expired"
  | "Invalid"
  | "NoCredit"
  | "NotAllowedTypeEVSE"
  | "NotAtThisLocation"
  | "NotAtThisTime"
  | "Unknown";

/** A place where a token may charge: a station, or a part of it. */
export interface TokenPlace {
  readonly stationId: string;
  readonly evseId?: number | undefined;
  readonly connectorId?: number | undefined;
}

/** What is known of an id token. */
export interface TokenFacts {
  readonly status: "Accepted" | "Blocked" | "Expired" | "Invalid";
  /** The IdTokenEnumType; null where it may be any. */
  readonly type: string | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null;
  readonly groupId: string | null;
  /** How many transactions may run at once; null for any number, and none with 0. */
  readonly maxActive: number | null;
  /** Where it may charge; null for everywhere. */
  readonly restrictedTo: readonly TokenPlace[] | null;
}

/** Who shows a token, where, for what, and what the operator has decided. */
export interface AuthorizationQuestion {
  /** Undefined for an unknown token. */
  readonly token: TokenFacts | undefined;
  /** The IdTokenEnumType with which it is shown; undefined in 1.6. */
  readonly type?: string | undefined;
  readonly stationId: string;
  readonly evseId?: number | undefined;
  readonly connectorId?: number | undefined;
  /** Whether a transaction starts with it. */
  readonly starting: boolean;
  /** How many other transactions run with it; needed only where it has a limit and a transaction starts. */
  readonly active: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly unknownTokens: "refuse" | "accept";
  readonly masterPassGroupId?: string | null | undefined;
}

/** What an id token is worth. Group and expiry go into every answer about it. */
export interface TokenVerdict {
  readonly status: AuthorizationStatus;
  readonly groupId?: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
  /** The EVSEs of the station that it is limited to, where it is shown without one (C01.FR.20). */
  readonly evseIds?: readonly number[] | undefined;
}

/** Ids are compared without regard to case: CiString of 1.6, identifierString of 2.x. */
export function sameId(one: string | null | undefined, other: string | null | undefined): boolean {
  return (
    one === other || (typeof one === "string" && typeof other === "string" && one.toLowerCase() === other.toLowerCase())
  );
}

function fits(place: TokenPlace, { evseId, connectorId }: AuthorizationQuestion): boolean {
  if (place.evseId !== undefined && evseId !== undefined && place.evseId !== evseId) return false;
  return place.connectorId === undefined || connectorId === undefined || place.connectorId === connectorId;
}

/** The places where a token may charge at the station that asks; null where it is not limited. */
function placesAt(question: AuthorizationQuestion, token: TokenFacts): readonly TokenPlace[] | null {
  if (token.restrictedTo === null) return null;
  return token.restrictedTo.filter((place) => place.stationId === question.stationId && fits(place, question));
}

/** The EVSEs that the places name; undefined where one of them is the whole station. */
function evsesOf(places: readonly TokenPlace[]): number[] | undefined {
  const evseIds = new Set<number>();
  for (const { evseId } of places) {
    if (evseId === undefined) return undefined;
    evseIds.add(evseId);
  }
  return [...evseIds].sort((one, other) => one - other);
}

function statusOf(
  question: AuthorizationQuestion,
  token: TokenFacts,
  places: readonly TokenPlace[] | null,
): AuthorizationStatus {
  const { type, starting, active, now, masterPassGroupId } = question;
  // Tokens are the same only where their types are, too (C01.FR.25).
  if (type !== undefined && token.type !== null && type !== token.type) return "Invalid";
  if (token.status === "Blocked" || token.maxActive === 0) return "Blocked";
  if (token.status === "Invalid") return "Invalid";
  if (token.status === "Expired" || (token.expiresAt !== null && token.expiresAt <= now)) return "Expired";
  if (places?.length === 0) return "NotAtThisLocation";
  if (!starting) return "Accepted";
  // A master pass ends transactions and starts none (C12.FR.09, C16.FR.03); its status alone keeps a station from it.
  if (token.groupId !== null && sameId(token.groupId, masterPassGroupId)) return "Invalid";
  return token.maxActive !== null && active >= token.maxActive ? "ConcurrentTx" : "Accepted";
}

/**
 * What an id token is worth (C01, C09, C12, C16; 1.6 §4.1). Group and expiry are in the answer whatever the status
 * (C01.FR.06, C09.FR.09, C09.FR.12). A driver who needs no authorization is always accepted (C02.FR.02); the limit of
 * concurrent transactions counts only where one starts. An unknown key code is Invalid (C04.FR.01), other unknown tokens
 * are Unknown, which 1.6 calls Invalid.
 */
export function authorize(question: AuthorizationQuestion): TokenVerdict {
  const { token, type, unknownTokens } = question;
  if (type === "NoAuthorization") return { status: "Accepted" };
  if (token === undefined) {
    if (unknownTokens === "accept") return { status: "Accepted" };
    return { status: type === "KeyCode" ? "Invalid" : "Unknown" };
  }
  const places = placesAt(question, token);
  const status = statusOf(question, token, places);
  const evseIds =
    status === "Accepted" && places !== null && question.evseId === undefined ? evsesOf(places) : undefined;
  return {
    status,
    groupId: token.groupId ?? undefined,
    expiresAt: token.expiresAt ?? undefined,
    evseIds,
  };
}
