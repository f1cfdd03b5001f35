import type { HandlerName, Protocol, RequestOf, ResponseOf } from "@ocpp/core";
import type { V16 } from "@ocpp/v16";
import type { V21 } from "@ocpp/v21";
import type { V201 } from "@ocpp/v201";
import type { CommandOptions, CommandOutcome } from "../commands/command.ts";
import type { Operations } from "../commands/operations.ts";
import type { CsmsEvent, EventFilter } from "../events/events.ts";
import type { EventKind } from "../events/kinds.ts";
import type { Log } from "../observability/logging.ts";
import type { DataTransferHandler } from "../stations/data-transfers.ts";
import type { ExactHandlers, ExactListeners } from "./exactness.ts";

/** What a plug-in gets to know of a message besides its payload. */
export interface MessageContext {
  readonly stationId: string;
  /** The subprotocol: `ocpp1.6`, `ocpp2.0.1` or `ocpp2.1`. */
  readonly protocol: string;
  readonly messageId: string;
  /** Aborted when the plug-in has used up its time. From then on its result goes nowhere. */
  readonly signal: AbortSignal;
}

/**
 * Handlers of a plug-in for what stations send, by action. One returns the answer and has then handled the message: neither
 * the CSMS nor the plug-ins behind it see it. Or it returns nothing, and the message goes on. Or it throws an `OcppError`,
 * which refuses the message. The request is a copy of the plug-in's own.
 */
export type MessageHandlers<P extends Protocol> = {
  readonly [K in HandlerName<P, "csms">]?:
    | ((
        request: RequestOf<P, K>,
        context: MessageContext,
      ) => ResponseOf<P, K> | undefined | void | Promise<ResponseOf<P, K> | undefined | void>)
    | undefined;
};

/** Fields of an answer that an amendment sets; each takes the place of the whole field. */
export type Amendment<P extends Protocol, K extends HandlerName<P, "csms">> = Partial<ResponseOf<P, K>>;

/**
 * Amendments of a plug-in to answers, by action. Each is asked when the message has been handled and before the answer is sent,
 * whoever gave it, and returns the fields to set, or nothing. The station waits for it, as long as `deadline` allows. Request
 * and answer are copies of the plug-in's own. What the message has done is done: an answer cannot be refused any more.
 */
export type AnswerAmendments<P extends Protocol> = {
  readonly [K in HandlerName<P, "csms">]?:
    | ((
        request: RequestOf<P, K>,
        answer: ResponseOf<P, K>,
        context: MessageContext,
      ) => Amendment<P, K> | undefined | void | Promise<Amendment<P, K> | undefined | void>)
    | undefined;
};

/** Listeners of a plug-in, by action: notified of each message that was answered, and of the answer, whoever gave it. */
export type AnswerListeners<P extends Protocol> = {
  readonly [K in HandlerName<P, "csms">]?:
    | ((request: RequestOf<P, K>, answer: ResponseOf<P, K>, context: MessageContext) => void | Promise<void>)
    | undefined;
};

/** A DataTransfer that a plug-in answers: all messages of a vendor, or one. */
export interface PluginDataTransfer {
  readonly vendorId: string;
  readonly messageId?: string | undefined;
  readonly answer: DataTransferHandler;
}

/** Called with what happened, by the kind of event; `command.completed` and `command.failed` tell how commands ended. */
export type EventListeners = { readonly [K in EventKind]?: ((event: CsmsEvent) => void | Promise<void>) | undefined };

/** Called with a station that came or went. */
export type StationListener = (stationId: string, event: CsmsEvent) => void | Promise<void>;

/** What a plug-in takes part in. All of it is optional. */
export interface PluginHooks {
  readonly on16?: MessageHandlers<V16> | undefined;
  readonly on201?: MessageHandlers<V201> | undefined;
  readonly on21?: MessageHandlers<V21> | undefined;
  readonly amend16?: AnswerAmendments<V16> | undefined;
  readonly amend201?: AnswerAmendments<V201> | undefined;
  readonly amend21?: AnswerAmendments<V21> | undefined;
  readonly after16?: AnswerListeners<V16> | undefined;
  readonly after201?: AnswerListeners<V201> | undefined;
  readonly after21?: AnswerListeners<V21> | undefined;
  readonly dataTransfers?: readonly PluginDataTransfer[] | undefined;
  /** The WebSocket of a station has come, or gone. */
  readonly onConnect?: StationListener | undefined;
  readonly onDisconnect?: StationListener | undefined;
  /** A station is ready to serve, or has stopped being so. */
  readonly onOnline?: StationListener | undefined;
  readonly onOffline?: StationListener | undefined;
  readonly events?: EventListeners | undefined;
  /** Runs once all plug-ins are set up, before stations are served. One that fails leaves this plug-in out. */
  start?(): void | Promise<void>;
  /** Runs when the CSMS closes; timers and subscriptions of the host are gone by themselves. */
  stop?(): void | Promise<void>;
}

/** What the CSMS offers to a plug-in. */
export interface PluginHost {
  /** The plug-in's name. */
  readonly name: string;
  /** What the configuration says for this plug-in; for the plug-in to check, in `setup`, where throwing refuses to start. */
  readonly options: unknown;
  /** The log of the part `plugins`, with the plug-in's name in each line. */
  readonly log: Log;
  /** What operators do with a station, whatever its version. `by` is best the plug-in's name. */
  readonly operations: Operations;
  /** Milliseconds since 1970. */
  now(): number;
  /** Sends any action that a CSMS may send; how it ended. Rejects as `Commander.call` does. */
  call(stationId: string, action: string, payload: unknown, options?: PluginCallOptions): Promise<CommandOutcome>;
  /** The protocol of a station that is connected. */
  connected(stationId: string): string | undefined;
  /** Runs work again and again, the first time after the interval, never twice at once; stopped with the plug-in. What is returned stops it before. */
  every(milliseconds: number, work: () => void | Promise<void>): () => void;
  /** Runs work once, unless the plug-in is stopped before. What is returned takes it back. */
  once(milliseconds: number, work: () => void | Promise<void>): () => void;
  /** Emits events until the plug-in is stopped, or what is returned is called. */
  subscribe(filter: EventFilter, listener: (event: CsmsEvent) => void | Promise<void>): () => void;
}

/** How a plug-in's command is given; `requestedBy` is the plug-in's name. */
export type PluginCallOptions = Omit<CommandOptions, "requestedBy">;

/** A plug-in: its name, and how it is set up. Made by `definePlugin`. */
export interface PluginDefinition {
  /** In kebab-case; unique among the plug-ins of a CSMS. */
  readonly name: string;
  readonly version?: string | undefined;
  /** Milliseconds that each of its hooks may take; 5,000 unless given. */
  readonly deadline?: number | undefined;
  /** Checks the options, and says what the plug-in takes part in. Throwing refuses to start the CSMS. */
  setup(host: PluginHost): PluginHooks | Promise<PluginHooks>;
}

/** The version of each map of handlers and of amendments, and of each map of listeners. */
interface HandlerMaps {
  readonly on16: V16;
  readonly on201: V201;
  readonly on21: V21;
  readonly amend16: V16;
  readonly amend201: V201;
  readonly amend21: V21;
}
interface ListenerMaps {
  readonly after16: V16;
  readonly after201: V201;
  readonly after21: V21;
}

/** What the hooks `H` must be beyond their shape. */
export type ExactHooks<H> = {
  [K in keyof H as K]: K extends keyof HandlerMaps
    ? ExactHandlers<HandlerMaps[K], H[K]>
    : K extends keyof ListenerMaps
      ? ExactListeners<ListenerMaps[K], H[K]>
      : K extends keyof PluginHooks
        ? unknown
        : `a plug-in has no ${K & string}`;
};

/** Makes a plug-in. It only checks the types: names of actions, requests, and the fields of answers. */
export function definePlugin<H extends PluginHooks>(
  definition: Omit<PluginDefinition, "setup"> & {
    setup(host: PluginHost): (PluginHooks & H & ExactHooks<H>) | Promise<PluginHooks & H & ExactHooks<H>>;
  },
): PluginDefinition {
  return definition;
}
