/*
 * The few names that Node and every browser share and core uses. Core compiles without the libraries of either, so any
 * other platform name in it is an error.
 */

interface EventTarget {
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

interface AbortSignal extends EventTarget {
  readonly aborted: boolean;
  readonly reason: unknown;
}

declare const AbortSignal: { readonly prototype: AbortSignal };

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare const AbortController: { new (): AbortController };

declare function setTimeout(callback: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare function queueMicrotask(callback: () => void): void;

declare const crypto: {
  readonly randomUUID?: () => string;
  getRandomValues(bytes: Uint8Array): Uint8Array;
};
