import type { X509Certificate } from "node:crypto";
import { type DerElement, elementsIn, readElement } from "./der.ts";

/** What is read of a revocation list (RFC 5280 §5.1). */
export interface RevocationList {
  /** The list as PEM, as TLS takes it. */
  readonly pem: string;
  /** The name of the authority, as DER. */
  readonly issuer: Buffer;
  /** When the next list is due, in milliseconds since 1970; undefined where it does not say. */
  readonly nextUpdate: number | undefined;
  /** The serial numbers of the certificates on it, as `serialNumberText` writes them. */
  readonly revoked: ReadonlySet<string>;
}

/** A serial number as a text that can be compared: hexadecimal, in capitals, without zeros in front. */
export function serialNumberText(hexadecimal: string): string {
  return hexadecimal.toUpperCase().replace(/^0+(?=.)/, "");
}

const sequence = 0x30;
const integer = 0x02;
const utcTime = 0x17;
const generalizedTime = 0x18;

const block = /-----BEGIN X509 CRL-----([\sA-Za-z0-9+/=]*)-----END X509 CRL-----/g;

/** A time (RFC 5280 §4.1.2.5), in milliseconds since 1970; a year of two digits is from 1950 to 2049. */
function timeOf(bytes: Buffer, { tag, start, end }: DerElement): number {
  const text = bytes.toString("latin1", start, end);
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (match === null || (tag === utcTime) !== (match[1]?.length === 2)) throw new RangeError("A time is malformed");
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const century = tag === utcTime ? (year < 50 ? 2_000 : 1_900) : 0;
  return Date.UTC(century + year, month - 1, day, hour, minute, second);
}

function slice(bytes: Buffer, { from, end }: DerElement): Buffer {
  return bytes.subarray(from, end);
}

/** The serial number in an entry of a list. */
function serialOf(der: Buffer, entry: DerElement): string {
  const [serial] = elementsIn(der, entry);
  if (entry.tag !== sequence || serial?.tag !== integer) throw new RangeError("An entry of the list is malformed");
  return serialNumberText(der.toString("hex", serial.start, serial.end));
}

function readList(der: Buffer): RevocationList {
  const list = readElement(der, 0);
  const [signed] = elementsIn(der, list);
  if (list.tag !== sequence || list.end !== der.length || signed?.tag !== sequence) {
    throw new RangeError("It is no revocation list");
  }
  // version (optional), signature algorithm, issuer, thisUpdate, nextUpdate (optional), …
  const fields = elementsIn(der, signed);
  const [algorithm, issuer, thisUpdate, ...more] = fields[0]?.tag === sequence ? fields : fields.slice(1);
  const isTime = (element: DerElement | undefined): element is DerElement =>
    element !== undefined && (element.tag === utcTime || element.tag === generalizedTime);
  if (algorithm?.tag !== sequence || issuer?.tag !== sequence || !isTime(thisUpdate)) {
    throw new RangeError("It is no revocation list");
  }
  const [next] = more;
  const revokedList = isTime(next) ? more[1] : next;
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    pem: `-----BEGIN X509 CRL-----\n${lines.join("\n")}\n-----END X509 CRL-----\n`,
    issuer: slice(der, issuer),
    nextUpdate: isTime(next) ? timeOf(der, next) : undefined,
    revoked: new Set(
      revokedList?.tag === sequence ? elementsIn(der, revokedList).map((one) => serialOf(der, one)) : [],
    ),
  };
}

/** Reads the lists of a file, as PEM or as DER. Throws a RangeError where there is none, or one that is malformed. */
export function readRevocationLists(file: Buffer): RevocationList[] {
  if (file[0] === sequence) return [readList(file)];
  const blocks = Array.from(file.toString("latin1").matchAll(block), ([, base64 = ""]) =>
    Buffer.from(base64, "base64"),
  );
  if (blocks.length === 0) throw new RangeError("There is no revocation list in it");
  return blocks.map(readList);
}

/** The name of a certificate's subject, as DER, by which its authority's lists are found. */
export function subjectName({ raw }: X509Certificate): Buffer {
  const [signed] = elementsIn(raw, readElement(raw, 0));
  if (signed === undefined) throw new RangeError("The certificate is malformed");
  // version ([0], optional), serial number, signature algorithm, issuer, validity, subject, …
  const fields = elementsIn(raw, signed);
  const subject = fields[fields[0]?.tag === 0xa0 ? 5 : 4];
  if (subject === undefined) throw new RangeError("The certificate is malformed");
  return slice(raw, subject);
}
