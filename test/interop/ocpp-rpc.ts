import type { EventEmitter } from "node:events";
import type { IncomingHttpHeaders, Server } from "node:http";
import { createRequire } from "node:module";

/*
 * What the tests use of ocpp-rpc 2.2.1, as its code and documentation have it. Its own declarations demand options that
 * are optional, refuse handlers that return at once and leave requests and responses untyped.
 */

/** A call as a handler of ocpp-rpc sees it. */
interface RpcCall {
  readonly messageId: string;
  readonly method: string;
  readonly params: unknown;
  readonly signal: AbortSignal;
}

type RpcHandler = (call: RpcCall) => unknown;

interface RpcCloseOptions {
  readonly code?: number;
  readonly reason?: string;
  readonly awaitPending?: boolean;
  readonly force?: boolean;
}

/** One end of a connection of ocpp-rpc. */
interface RpcPeer extends EventEmitter {
  readonly identity: string;
  readonly protocol: string;
  call(method: string, params: unknown): Promise<unknown>;
  handle(handler: RpcHandler): void;
  handle(method: string, handler: RpcHandler): void;
  removeHandler(method: string): void;
  sendRaw(message: string): void;
  close(options?: RpcCloseOptions): Promise<{ readonly code: number; readonly reason: string } | undefined>;
}

/** A client of ocpp-rpc. */
export interface RpcClient extends RpcPeer {
  connect(): Promise<unknown>;
}

/** A client of ocpp-rpc as its server sees it. */
export interface RpcServerClient extends RpcPeer {
  readonly handshake: RpcHandshake;
}

export interface RpcClientOptions {
  readonly endpoint: string;
  readonly identity: string;
  readonly protocols: readonly string[];
  readonly password?: string | Buffer;
  readonly strictMode?: boolean;
  readonly reconnect?: boolean;
  readonly backoff?: { readonly initialDelay: number; readonly maxDelay: number };
  readonly respondWithDetailedErrors?: boolean;
}

/** The opening request as `auth` of an ocpp-rpc server sees it. */
export interface RpcHandshake {
  readonly identity: string;
  readonly password: Buffer | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly protocols: ReadonlySet<string>;
}

interface RpcServer extends EventEmitter {
  auth(
    check: (accept: () => void, reject: (code: number, message: string) => void, handshake: RpcHandshake) => void,
  ): void;
  listen(port: number, host: string): Promise<Server>;
  close(options?: RpcCloseOptions): Promise<void>;
}

interface OcppRpc {
  readonly RPCClient: new (options: RpcClientOptions) => RpcClient;
  readonly RPCServer: new (options: {
    readonly protocols: readonly string[];
    readonly strictMode?: boolean;
  }) => RpcServer;
  readonly createRPCError: (code: string, message: string, details?: object) => Error;
}

/** The error with which a call of ocpp-rpc is refused. */
export interface RpcError extends Error {
  readonly rpcErrorCode: string;
  readonly details: unknown;
}

export const { RPCClient, RPCServer, createRPCError } = createRequire(import.meta.url)("ocpp-rpc") as OcppRpc;
