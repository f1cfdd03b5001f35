import { csms, type Endpoint, type Protocol, type Side, station } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v21 } from "@ocpp/v21";
import { v201 } from "@ocpp/v201";
import type { Bench } from "./bench.ts";

/** The versions of OCPP. */
export type Version = "1.6" | "2.0.1" | "2.1";

export const versions: readonly Version[] = ["1.6", "2.0.1", "2.1"];

/** The protocol of a version, its types erased. */
export const protocolOf: { readonly [V in Version]: Protocol } = { "1.6": v16, "2.0.1": v201, "2.1": v21 };

type BenchOf = (identity: string) => Bench;

/** One side of a version, every action of which is served by the bench of its station. */
export function endpointOf(version: Version, side: Side, benchOf: BenchOf): Endpoint<Protocol, Side> {
  const fallback = (
    action: string,
    request: unknown,
    context: { readonly identity: string; readonly messageId: string },
  ): unknown => benchOf(context.identity).serve(version, action, request, context.messageId);
  const endpoint: unknown =
    side === "station" ? station(protocolOf[version], {}, { fallback }) : csms(protocolOf[version], {}, { fallback });
  return endpoint as Endpoint<Protocol, Side>;
}

/** A call without fields that a side receives, in every version. */
export const emptyCall: { readonly [S in Side]: string } = { csms: "Heartbeat", station: "GetLocalListVersion" };

/** A valid response to that call. */
export function emptyCallResponse(version: Version, action: string): object {
  if (action === "Heartbeat") return { currentTime: "2026-01-01T00:00:00.000Z" };
  return version === "1.6" ? { listVersion: 0 } : { versionNumber: 0 };
}
