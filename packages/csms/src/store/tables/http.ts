import type { TableDescriptions } from "./description.ts";

/** A key to the REST interface. */
export interface ApiKeyRow {
  id: number;
  name: string;
  role: "viewer" | "operator" | "admin";
  /** SHA-256 of the key, in hex; the key is 256 random bits, so no slow hash is needed. */
  hash: string;
  /** The first characters of the key, to distinguish keys. */
  prefix: string;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
  created_at: number;
}

/** The tables of this subject by name. */
export interface HttpTables {
  api_keys: ApiKeyRow;
}

/** What must be known of each. */
export const httpTables: TableDescriptions<HttpTables> = {
  api_keys: {
    key: ["id"],
    id: "id",
    longTexts: [],
    age: null,
    idTokens: null,
  },
};
