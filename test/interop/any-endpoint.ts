import {
  csms,
  type Endpoint,
  OcppError,
  type PeerOf,
  type Protocol,
  type Side,
  station,
  type Validation,
} from "@ocpp/core";
import type { Version } from "@ocpp/demo";
import { v16 } from "@ocpp/v16";
import { v21 } from "@ocpp/v21";
import { v201 } from "@ocpp/v201";

const protocols = { "1.6": v16, "2.0.1": v201, "2.1": v21 } as const;

/** Handlers whose requests and responses are looked at when they run: the same ones serve all versions. */
export type AnyHandlers = { readonly [action: string]: (request: unknown) => unknown };

interface AnyOptions {
  readonly validation?: Validation;
  readonly fallback: () => unknown;
}

type AnyMaker<S extends Side> = (
  protocol: Protocol,
  handlers: AnyHandlers,
  options: AnyOptions,
) => Endpoint<Protocol, S>;

/** The peers of such endpoints, which are called by names. */
export type AnyPeer<S extends Side> = PeerOf<Endpoint<Protocol, S>>;

const fallback = (): never => {
  throw new OcppError("NotSupported");
};

/** A station's endpoint of a version that is known only when the test runs. */
export function anyStation(
  version: Version,
  handlers: AnyHandlers = {},
  validation: Validation = {},
): Endpoint<Protocol, "station"> {
  return (station as unknown as AnyMaker<"station">)(protocols[version], handlers, { validation, fallback });
}

/** A CSMS's endpoint of a version that is known only when the test runs. */
export function anyCsms(
  version: Version,
  handlers: AnyHandlers = {},
  validation: Validation = {},
): Endpoint<Protocol, "csms"> {
  return (csms as unknown as AnyMaker<"csms">)(protocols[version], handlers, { validation, fallback });
}

/** What a promise rejects with; what it resolves with is no error and is shown as such. */
export function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (response) => ({ response }),
    (error: unknown) => error,
  );
}
