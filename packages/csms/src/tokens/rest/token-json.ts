import { isoTime, isoTimeOrNull } from "../../shared/iso-time.ts";
import {
  boolean,
  choice,
  list,
  nullable,
  record,
  type Static,
  stationId,
  string,
  text,
  time,
  whole,
} from "../../shared/schema.ts";
import type { TokenRow } from "../../store/tables/tokens.ts";
import { storedJson } from "../../transactions/rest/transaction-json.ts";

/** What a token may be. */
export const tokenStatuses: readonly TokenRow["status"][] = ["Accepted", "Blocked", "Expired", "Invalid"];

/** A token as REST returns it. */
export function tokenJson(row: TokenRow): Static<typeof tokenSchema> {
  return {
    idToken: row.token,
    type: row.type,
    status: row.status,
    expiresAt: isoTimeOrNull(row.expires_at),
    groupId: row.group_id,
    maxActive: row.max_active,
    // What the registry has written, as the settings describe it.
    restrictedTo: storedJson(row.restricted_to) as Static<typeof tokenSettings.restrictedTo>,
    note: row.note,
    erased: row.erased === 1,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

/** What can be set of a token, as schemas. */
export const tokenSettings = {
  type: nullable(text("The IdTokenEnumType of 2.x; null for any.", 20)),
  status: choice("Whether it is good.", tokenStatuses),
  expiresAt: nullable({ ...time, description: "From when on it is Expired; null for never." }),
  groupId: nullable(text("The group id token, or parent idTag.", 255)),
  maxActive: nullable(whole("How many transactions may run with it at once; null for any number.")),
  restrictedTo: nullable(
    list(
      record(
        {
          stationId,
          evseId: whole("An EVSE; all of them unless given."),
          connectorId: whole("A connector."),
        },
        ["evseId", "connectorId"],
      ),
      "Where it may charge; null for everywhere.",
    ),
  ),
  note: nullable(text("For people.", 2000, 0)),
};

/** The schema of `tokenJson`. */
export const tokenSchema = record({
  idToken: string(),
  ...tokenSettings,
  erased: boolean("Whether the driver's data was erased; the token is a pseudonym then."),
  createdAt: time,
  updatedAt: time,
});
