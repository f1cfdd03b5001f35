/*
 * Texts that do something where somebody pastes them into a query, a path, a header, a log line or a page instead of handing
 * them on as data. None may do more than be the text that it is.
 */

/** For SQL of SQLite and PostgreSQL, and for the patterns of `like`. */
export const sql: readonly string[] = [
  "' or '1'='1",
  "'; drop table stations; --",
  "'; delete from transactions where 1=1; --",
  '"; select pg_sleep(10); --',
  "') or 1=1 --",
  "1; attach database '/tmp/x' as x",
  "' union select password_hash from stations --",
  "\\'; select 1; --",
  "%",
  "_",
  "%%%%%%%%",
  "$1",
  "?1",
  ":name",
  "@p1",
  "$$;select 1;$$",
];

/** For paths of files and of REST. */
export const paths: readonly string[] = [
  "../../../../etc/passwd",
  "..\\..\\windows\\win.ini",
  "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
  "/etc/passwd",
  "file:///etc/passwd",
  "a/b/c",
  "a?b=c",
  "a#b",
  ".",
  "..",
  "a%00.txt",
];

/** For headers and logs. */
export const lines: readonly string[] = [
  "line\r\nX-Injected: yes",
  "line\nX-Injected: yes",
  '\n{"level":60,"msg":"X-Injected"}',
  "\u001b[2J\u001b[31mX-Injected",
  "\u202eX-Injected",
  "\u2028X-Injected",
  "\u0085X-Injected",
  "tab\tX-Injected",
];

/** For whoever builds objects, pages, formulas, patterns or formats of texts. */
export const programs: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "=cmd|' /C calc'!A0",
  "\u0024{jndi:ldap://127.0.0.1/a}",
  "\u0024{process.exit(1)}",
  "{{7*7}}",
  "%s%s%n",
  "(a+)+$",
  "null",
  "undefined",
  "NaN",
  "true",
  "-1",
  "1e400",
];

/** For whoever counts characters, compares or encodes. */
export const letters: readonly string[] = [
  "é",
  "e\u0301",
  "ı",
  "ß",
  "K",
  "😀😀😀",
  "مرحبا",
  "\ufeffbom",
  "\u200b",
  " leading and trailing ",
];

/** All of them. */
export const corpus: readonly string[] = [...sql, ...paths, ...lines, ...programs, ...letters];
