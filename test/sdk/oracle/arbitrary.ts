import { Arbitrary, type Random, Stream, Value } from "fast-check";
import { validDocument } from "./document.ts";
import { drawOf } from "./draw.ts";
import { mutated } from "./mutation.ts";
import type { Shape } from "./shape.ts";
import { smaller } from "./shrinking.ts";

/**
 * Documents for a schema of this shape as a fast-check arbitrary: the given share of them valid, the others with one to
 * three mutations. fast-check chooses a seed, and the document is drawn from it by plain loops, which is what makes
 * thousands of documents for each of some 400 schemas affordable. A document that fails shrinks by losing parts.
 */
export function documents(shape: Shape, validShare = 0.3): Arbitrary<unknown> {
  return new DocumentArbitrary(shape, validShare);
}

class DocumentArbitrary extends Arbitrary<unknown> {
  readonly #shape: Shape;
  readonly #validShare: number;

  constructor(shape: Shape, validShare: number) {
    super();
    this.#shape = shape;
    this.#validShare = validShare;
  }

  override generate(random: Random): Value<unknown> {
    const draw = drawOf(random.nextInt(0, 0x7fffffff));
    const document = validDocument(draw, this.#shape);
    return new Value(draw.chance(this.#validShare) ? document : mutated(draw, this.#shape, document), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is unknown {
    return value !== undefined;
  }

  override shrink(value: unknown): Stream<Value<unknown>> {
    return new Stream(smaller(value)).map((document) => new Value(document, undefined));
  }
}
