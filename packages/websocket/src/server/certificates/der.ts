/*
 * As much of DER (X.690) as it takes to find the fields of a certificate or a revocation list (RFC 5280 §4.1, §5.1) that Node
 * does not tell.
 */

/** One element: its tag, where its contents begin and end, and where it begins itself. */
export interface DerElement {
  readonly tag: number;
  readonly from: number;
  readonly start: number;
  readonly end: number;
}

/** The element at a place. Throws a RangeError where there is none. */
export function readElement(bytes: Uint8Array, at: number): DerElement {
  const fail = (): never => {
    throw new RangeError("The DER is cut off or malformed");
  };
  const tag = bytes[at] ?? fail();
  const first = bytes[at + 1] ?? fail();
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) fail();
    length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + (bytes[start + index] ?? fail());
    start += count;
  }
  const end = start + length;
  if (end > bytes.length) fail();
  return { tag, from: at, start, end };
}

/** The elements within another one. Throws a RangeError where they do not fill it. */
export function elementsIn(bytes: Uint8Array, { start, end }: DerElement): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = start; at < end; ) {
    const element = readElement(bytes, at);
    if (element.end > end) throw new RangeError("The DER is malformed");
    elements.push(element);
    at = element.end;
  }
  return elements;
}
