import type { Draw } from "./draw.ts";
import { hostileKeys, junk, put } from "./junk.ts";
import { validNumber } from "./number.ts";
import type { ArrayShape, ObjectShape, Shape } from "./shape.ts";
import { validText } from "./text.ts";

/** How much of what is optional a document has, and about how many values at most. */
interface Manner {
  readonly share: number;
  readonly size: number;
}

const manners: readonly Manner[] = [
  { share: 0, size: 20 },
  { share: 0.15, size: 30 },
  { share: 0.3, size: 30 },
  { share: 0.3, size: 60 },
  { share: 0.6, size: 40 },
  { share: 0.6, size: 40 },
  { share: 0.9, size: 60 },
];
const lavish: Manner = { share: 1, size: 400 };

/** A document that a schema of this shape allows: from bare to lavish, in any order of keys. */
export function validDocument(draw: Draw, shape: Shape): unknown {
  const manner = draw.chance(0.02) ? lavish : draw.pick(manners);
  let left = manner.size;

  function build(of: Shape): unknown {
    left -= 1;
    switch (of.is) {
      case "object":
        return object(of);
      case "array":
        return array(of);
      case "text":
        return validText(draw, of);
      case "number":
        return validNumber(draw, of);
      case "boolean":
        return draw.chance(0.5);
      default:
        return junk(draw, 3);
    }
  }

  function object(of: ObjectShape): unknown {
    const value: Record<string, unknown> = {};
    const { properties } = of;
    const start = draw.chance(0.5) ? 0 : draw.below(properties.length + 1);
    for (let index = 0; index < properties.length; index += 1) {
      const property = properties[(start + index) % properties.length];
      if (property === undefined) continue;
      if (property.required || (left > 0 && draw.chance(manner.share))) value[property.name] = build(property.shape);
      else if (draw.chance(0.01)) value[property.name] = undefined;
    }
    if (of.open) for (let count = draw.below(3); count > 0; count -= 1) put(value, vendorKey(draw), junk(draw));
    return value;
  }

  function array(of: ArrayShape): unknown {
    const count = Math.min(of.max, of.min + (left > 0 ? draw.below(3) : 0));
    const value = Array.from({ length: count }, () => build(of.items));
    // As many elements as there may be: the same one again, for the count is the point.
    if (value.length > 0 && of.max < 2000 && draw.chance(of.max > 50 ? 0.005 : 0.05)) {
      while (value.length < of.max) value.push(value[0]);
    }
    return value;
  }

  return build(shape);
}

function vendorKey(draw: Draw): string {
  const key = draw.chance(0.5) ? draw.pick(["com.acme.ping", "x", "vendorid", "VendorId"]) : draw.pick(hostileKeys);
  return key === "vendorId" ? "vendor" : key;
}
