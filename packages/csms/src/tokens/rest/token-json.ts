import { choice, list, nullable, record, type Schema, stationId, text, time, whole } from "../../http/schema.ts";
import { isoTime, isoTimeOrNull } from "../../http/times.ts";
import type { TokenRow } from "../../store/tables/tokens.ts";
import { storedJson } from "../../transactions/rest/transaction-json.ts";

/** What a token may be. */
export const tokenStatuses: readonly TokenRow["status"][] = ["Accepted", "Blocked", "Expired", "Invalid"];

/** Where a token may charge, as it is kept: REST says `chargePointId` for a station. */
function placesJson(text: string | null): unknown {
  const places = storedJson(text) as readonly { readonly stationId: string }[] | null;
  return places?.map(({ stationId: chargePointId, ...where }) => ({ chargePointId, ...where })) ?? null;
}

/** A token as REST tells it. */
export function tokenJson(row: TokenRow): Record<string, unknown> {
  return {
    token: row.token,
    type: row.type,
    status: row.status,
    expiresAt: isoTimeOrNull(row.expires_at),
    groupId: row.group_id,
    maxActive: row.max_active,
    restrictedTo: placesJson(row.restricted_to),
    note: row.note,
    erased: row.erased === 1,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

/** What can be set of a token, as schemas. */
export const tokenSettings: Readonly<Record<string, Schema>> = {
  type: nullable(text("The IdTokenEnumType of 2.x; null for any.", 20)),
  status: choice("Whether it is good.", tokenStatuses),
  expiresAt: nullable({ ...time, description: "From when on it is Expired; null for never." }),
  groupId: nullable(text("The group id token, or parent idTag.", 255)),
  maxActive: nullable(whole("How many transactions may run with it at once; null for any number.")),
  restrictedTo: nullable(
    list(
      record(
        {
          chargePointId: stationId,
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
export const tokenSchema: Schema = record({
  token: { type: "string" },
  ...tokenSettings,
  erased: { type: "boolean", description: "Whether the driver's data was erased; the token is a pseudonym then." },
  createdAt: time,
  updatedAt: time,
});
