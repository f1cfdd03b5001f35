import { StoreError } from "./store-error.ts";

const blockSize = 50;
const highest = 0x7fff_ffff;

interface Block {
  next: number;
  readonly end: number;
}

/**
 * Gives out numbers from 1 for named counters. `raise` adds to a counter where it is kept and returns its new value; it is
 * asked for a block at a time, so that a number costs no write. Rejects where a number would leave the 32 bits that OCPP's
 * integers have.
 */
export function createNumberSource(
  raise: (counter: string, by: number) => Promise<number>,
): (counter: string) => Promise<number> {
  const blocks = new Map<string, Block>();
  const pending = new Map<string, Promise<void>>();

  const refill = async (counter: string): Promise<void> => {
    try {
      const end = await raise(counter, blockSize);
      blocks.set(counter, { next: end - blockSize + 1, end });
    } finally {
      pending.delete(counter);
    }
  };

  return async (counter) => {
    for (;;) {
      const block = blocks.get(counter);
      if (block !== undefined && block.next <= block.end) {
        const number = block.next;
        block.next += 1;
        if (number > highest) throw new StoreError("failed", `The counter ${counter} has run out of 32-bit numbers`);
        return number;
      }
      let fetch = pending.get(counter);
      if (fetch === undefined) {
        fetch = refill(counter);
        pending.set(counter, fetch);
      }
      await fetch;
    }
  };
}
