/** What callbacks may return that is no promise, or a strange one; each says what it is. */
export const oddResults: readonly (readonly [string, () => unknown])[] = [
  ["a number", () => 7],
  ["a text", () => "then"],
  ["null", () => null],
  ["an object", () => ({})],
  // oxlint-disable-next-line unicorn/no-thenable
  ["an object whose then is no function", () => ({ then: "later" })],
  [
    "a thenable that throws",
    () => ({
      // oxlint-disable-next-line unicorn/no-thenable
      then: () => {
        throw new Error("odd then");
      },
    }),
  ],
  [
    "a thenable that rejects",
    () => ({
      // oxlint-disable-next-line unicorn/no-thenable
      then: (_resolve: unknown, reject: (error: unknown) => void) => reject(new Error("odd rejection")),
    }),
  ],
  [
    "a getter that throws",
    () =>
      // oxlint-disable-next-line unicorn/no-thenable
      Object.defineProperty({}, "then", {
        get: () => {
          throw new Error("odd getter");
        },
      }),
  ],
  ["a promise that rejects", () => Promise.reject(new Error("odd promise"))],
  [
    "nothing, and throws",
    () => {
      throw new Error("odd throw");
    },
  ],
];
