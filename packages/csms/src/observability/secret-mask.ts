import { maskUrls } from "./url-mask.ts";

/**
 * Names of configuration keys and variables whose values are secrets: AuthorizationKey of 1.6 (security whitepaper §2),
 * BasicAuthPassword of 2.x, and what vendors call their passwords. Names of 1.6 are compared without regard to case.
 */
const secretName = /authorizationkey|password|passphrase/i;
/** Fields that are secrets by themselves: those of SetNetworkProfile, whose names all end alike, and the PIN of a SIM. */
const secretField = /password$|^simPin$/i;
/** Fields that hold the value of the variable or configuration key that stands beside them. */
const valueFields: ReadonlySet<string> = new Set(["value", "attributeValue", "actualValue"]);
/** Where vendors have fields of their own: the data of a DataTransfer, and customData. */
const vendorField = /^(?:data|customData)$/;
/** Fields of vendors that are secrets by their names; an id token is none. */
const vendorSecret =
  /(?:passwords?|passwd|passphrase|secrets?|(?<!^id)tokens?|api[-_]?keys?|access[-_]?key|credentials?)$/i;
/** What a text must contain to have any of those. */
const vendorSuspicious = /"(?:d|customD)ata"/;
const vendorWords = /passwd|passphrase|secret|token|key|credential/i;
/** What a text must contain to have any of those; an escape may hide a name. */
const suspicious = /authorizationkey|password|passphrase|simpin|keycode|"vpn"|\\u00/i;
const token = /[\s,:]*(?:("[^"\\]*(?:\\.[^"\\]*)*")|([[{])|([\]}])|([^\s,:[\]{}"]+))/y;

/** Where something stands in the text. */
interface Span {
  readonly start: number;
  readonly end: number;
  /** What takes its place, as JSON; `"***"` unless given. */
  readonly text?: string | undefined;
}

/** An object or array that is being read. */
interface Container {
  readonly isObject: boolean;
  /** The key that it stands under; of an entry of a list, that of the list. */
  readonly key: string;
  readonly start: number;
  /** Whether the fields in it are a vendor's. */
  readonly vendor: boolean;
  /** The key whose value comes next; undefined where a key comes next. */
  field: string | undefined;
  /** Whether the values in it are secret, since it names a configuration key or holds a variable that is. */
  secret: boolean;
  /** Whether it is a variable that is secret. */
  names: boolean;
  /** The values that are secret if the name is. */
  values: Span[];
  /** An `idToken`, which is secret where the `type` beside it is KeyCode (2.0.1 C04.FR.04). */
  idToken: Span | undefined;
  isKeyCode: boolean;
}

function unquote(text: string): string {
  return text.includes("\\") ? String(JSON.parse(text)) : text.slice(1, -1);
}

/** Both lists in one of them, the longer one: lists that are handed up through many levels are not copied at each. */
function joined(one: Span[], other: Span[]): Span[] {
  const [long, short] = one.length < other.length ? [other, one] : [one, other];
  for (const span of short) long.push(span);
  return long;
}

/** How deep JSON in texts in JSON is looked into. */
const deepest = 4;

/** Finds what is secret; undefined where the text is no JSON. `vendor` where the fields are a vendor's, `depth` within texts. */
function secretSpans(text: string, vendor = false, depth = 0): Span[] | undefined {
  const spans: Span[] = [];
  const open: Container[] = [];
  /** A value has been read: a text with quotes, a number or word, or a whole container. */
  const take = (span: Span, content: string | undefined): void => {
    const parent = open.at(-1);
    if (parent === undefined) return;
    const field = parent.isObject ? (parent.field ?? "") : parent.key;
    if (parent.isObject) parent.field = undefined;
    const isVendors = parent.vendor || vendorField.test(field);
    if (secretField.test(field) || (field === "key" && parent.key === "vpn")) spans.push(span);
    else if (parent.vendor && vendorSecret.test(field)) spans.push(span);
    else if (isVendors && content !== undefined) {
      const masked = maskVendorText(content, depth + 1);
      if (masked !== content) spans.push({ ...span, text: JSON.stringify(masked) });
    }
    if (valueFields.has(field)) parent.values.push(span);
    if (content !== undefined && field === "idToken") parent.idToken = span;
    if (field === "type" && content === "KeyCode") parent.isKeyCode = true;
    if (content === undefined || !secretName.test(content)) return;
    if (field === "key") parent.secret = true;
    if (field === "name" && parent.key === "variable") parent.names = true;
  };
  const close = (container: Container, end: number): void => {
    const parent = open.at(-1);
    if (container.names && parent !== undefined) parent.secret = true;
    if (container.isKeyCode && container.idToken !== undefined) spans.push(container.idToken);
    if (container.secret) for (const span of container.values) spans.push(span);
    else if (container.key === "variableAttribute" && parent !== undefined) {
      parent.values = joined(parent.values, container.values);
    }
    take({ start: container.start, end }, undefined);
  };
  for (let end = 0; ; ) {
    // Texts within are read with the same expression in between.
    token.lastIndex = end;
    const match = token.exec(text);
    if (match === null) return open.length === 0 && text.slice(end).trim() === "" ? spans : undefined;
    const [all, quoted, opening, closing, word = ""] = match;
    end += all.length;
    const parent = open.at(-1);
    if (quoted !== undefined && parent?.isObject === true && parent.field === undefined) parent.field = unquote(quoted);
    else if (quoted !== undefined) take({ start: end - quoted.length, end }, unquote(quoted));
    else if (opening !== undefined) {
      const key = parent?.isObject === true ? (parent.field ?? "") : (parent?.key ?? "");
      open.push({
        isObject: opening === "{",
        key,
        start: end - 1,
        vendor: parent === undefined ? vendor : parent.vendor || vendorField.test(key),
        field: undefined,
        secret: false,
        names: false,
        values: [],
        idToken: undefined,
        isKeyCode: false,
      });
    } else if (closing !== undefined) {
      const container = open.pop();
      if (container?.isObject !== (closing === "}")) return undefined;
      close(container, end);
    } else take({ start: end - word.length, end }, undefined);
  }
}

/** Masks a text of a vendor where it is JSON, or is a text that holds some. */
function maskVendorText(text: string, depth: number): string {
  if (!/^\s*[[{"]/.test(text)) return text;
  if (depth > deepest) return "***";
  if (!text.trimStart().startsWith('"')) return maskJson(text, true, depth);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    content = undefined;
  }
  if (typeof content !== "string") return vendorWords.test(text) ? "***" : text;
  const masked = maskVendorText(content, depth + 1);
  return masked === content ? text : JSON.stringify(masked);
}

/** Masks the secrets of JSON by their places; a text that is none, and might hold one, is replaced as a whole. */
function maskJson(text: string, vendor = false, depth = 0): string {
  const isSuspicious = suspicious.test(text) || ((vendor || vendorSuspicious.test(text)) && vendorWords.test(text));
  if (!isSuspicious) return text;
  let spans: Span[] | undefined;
  try {
    JSON.parse(text);
    spans = secretSpans(text, vendor, depth);
  } catch {
    spans = undefined;
  }
  if (spans === undefined) return "*** (no JSON, and not kept since it might hold a secret)";
  let from = 0;
  let masked = "";
  for (const { start, end, text: instead = '"***"' } of spans.sort((a, b) => a.start - b.start || b.end - a.end)) {
    // What lies within something that is masked already is gone.
    if (start < from) continue;
    masked += text.slice(from, start) + instead;
    from = end;
  }
  return masked + text.slice(from);
}

/**
 * Masks the values of secrets in an OCPP frame, or in any JSON text, and leaves everything else as it is, to the byte: values
 * of AuthorizationKey and BasicAuthPassword however they travel, passwords and keys of network profiles, passwords and secret
 * parameters in URLs, id tokens that are key codes, and what vendors name a password, a token, a key or a secret in the data of
 * a DataTransfer, also where that is JSON in a text. A text that is no JSON and might hold a secret is replaced as a whole.
 */
export function maskFrame(text: string): string {
  return maskUrls(maskJson(text));
}
