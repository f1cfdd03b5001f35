import type { Flag, TableDescriptions } from "./description.ts";

/** An id token, or idTag of 1.6. Compared without regard to case. */
export interface TokenRow {
  id: number;
  token: string;
  /** `token` in lower case; unique. */
  token_key: string;
  /** The IdTokenEnumType of 2.x; null where it is any. */
  type: string | null;
  status: "Accepted" | "Blocked" | "Expired" | "Invalid";
  expires_at: number | null;
  /** The group id token or parent idTag. */
  group_id: string | null;
  /** How many transactions may run at once; null for any number. */
  max_active: number | null;
  /** JSON: a list of `{ stationId, evseId?, connectorId? }` where it may charge; null for everywhere. */
  restricted_to: string | null;
  note: string | null;
  /** 1 once the driver's data was erased. */
  erased: Flag;
  created_at: number;
  updated_at: number;
}

/** The tables of this subject by name. */
export interface TokenTables {
  tokens: TokenRow;
}

/** What must be known of each. */
export const tokenTables: TableDescriptions<TokenTables> = {
  tokens: {
    key: ["id"],
    id: "id",
    longTexts: ["restricted_to"],
    age: null,
    idTokens: { columns: ["group_id"], json: [], sentences: [] },
  },
};
