/**
 * Names of configuration keys and variables whose values are secrets: AuthorizationKey of 1.6 (security whitepaper §2),
 * BasicAuthPassword of 2.x, and what vendors call their passwords. Names of 1.6 are compared without regard to case.
 */
const secretName = /authorizationkey|password|passphrase/i;
/** Fields that are secrets by themselves: those of SetNetworkProfile, whose names all end alike, and the PIN of a SIM. */
const secretField = /password$|^simPin$/i;
/** Fields that hold the value of the variable or configuration key that stands beside them. */
const valueFields: ReadonlySet<string> = new Set(["value", "attributeValue", "actualValue"]);
/** What a text must contain to have any of those; an escape may hide a name. */
const suspicious = /authorizationkey|password|passphrase|simpin|keycode|"vpn"|\\u00/i;
const credentialsInUrl = /(:(?:\\?\/){2}[^\s"\\/:@]*:)[^\s"\\/@]+(?=@)/g;
const token = /[\s,:]*(?:("[^"\\]*(?:\\.[^"\\]*)*")|([[{])|([\]}])|([^\s,:[\]{}"]+))/y;

/** Where something stands in the text. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** An object or array that is being read. */
interface Container {
  readonly isObject: boolean;
  /** The key that it stands under; of an entry of a list, that of the list. */
  readonly key: string;
  readonly start: number;
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

/** Finds what is secret; undefined where the text is no JSON. */
function secretSpans(text: string): Span[] | undefined {
  const spans: Span[] = [];
  const open: Container[] = [];
  /** A value has been read: a text with quotes, a number or word, or a whole container. */
  const take = (span: Span, content: string | undefined): void => {
    const parent = open.at(-1);
    if (parent === undefined) return;
    const field = parent.isObject ? (parent.field ?? "") : parent.key;
    if (parent.isObject) parent.field = undefined;
    if (secretField.test(field) || (field === "key" && parent.key === "vpn")) spans.push(span);
    else if (valueFields.has(field)) parent.values.push(span);
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
    if (container.secret) spans.push(...container.values);
    else if (container.key === "variableAttribute") parent?.values.push(...container.values);
    take({ start: container.start, end }, undefined);
  };
  for (token.lastIndex = 0; ; ) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (match === null) return open.length === 0 && text.slice(start).trim() === "" ? spans : undefined;
    const [all, quoted, opening, closing, word = ""] = match;
    const end = start + all.length;
    const parent = open.at(-1);
    if (quoted !== undefined && parent?.isObject === true && parent.field === undefined) parent.field = unquote(quoted);
    else if (quoted !== undefined) take({ start: end - quoted.length, end }, unquote(quoted));
    else if (opening !== undefined) {
      const key = parent?.isObject === true ? (parent.field ?? "") : (parent?.key ?? "");
      open.push({
        isObject: opening === "{",
        key,
        start: end - 1,
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

/**
 * Masks the values of secrets in an OCPP frame, or in any JSON text, and leaves everything else as it is, to the byte: values
 * of AuthorizationKey and BasicAuthPassword however they travel, passwords and keys of network profiles, passwords in URLs, id
 * tokens that are key codes. A text that
 * is no JSON and might hold a secret is replaced as a whole.
 */
export function maskFrame(text: string): string {
  let masked = text;
  if (suspicious.test(text)) {
    let spans: Span[] | undefined;
    try {
      JSON.parse(text);
      spans = secretSpans(text);
    } catch {
      spans = undefined;
    }
    if (spans === undefined) return "*** (no JSON, and not kept since it might hold a secret)";
    let from = 0;
    masked = "";
    for (const { start, end } of spans.sort((a, b) => a.start - b.start || b.end - a.end)) {
      // What lies within something that is masked already is gone.
      if (start < from) continue;
      masked += `${text.slice(from, start)}"***"`;
      from = end;
    }
    masked += text.slice(from);
  }
  return masked.includes("@") ? masked.replaceAll(credentialsInUrl, "$1***") : masked;
}
