import type { Draw } from "./draw.ts";
import { withTypos } from "./typo.ts";

/** URIs that are plainly right. */
export const plainUris: readonly string[] = [
  "https://example.com/firmware/1.2.3.bin",
  "ftp://user:secret@files.example.com:21/logs/",
  "http://[2001:db8::1]:8080/path?query=1#part",
  "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
  "mailto:someone@example.com",
];

/** URIs at the edges of the format, on both sides of them. */
export const edgyUris: readonly string[] = [
  ...plainUris,
  "",
  ":",
  "/",
  "//",
  "a",
  "a:",
  "a:/",
  "a://",
  "a:///",
  "a:////",
  "a:b",
  "a:/b",
  "a:?q",
  "a:#f",
  "a:/?q#f",
  "a:/b?c#d#e",
  "a:b??",
  "a:b#?/",
  "1a:b",
  "+a:b",
  "a+b-c.1:d",
  "a_b:c",
  "é:b",
  "/local/path",
  "./x",
  "file.bin",
  "file:///etc/hosts",
  "http:/x",
  "http:x",
  "HTTP://EXAMPLE.COM/",
  "http://a b/",
  "http://a/b c",
  "http://a/%",
  "http://a/%2",
  "http://a/%2g",
  "http://a/%2F%zz",
  "http://a/%2f",
  "http://a/ü",
  "http://ü/",
  "http://a/\u{1f600}",
  "http://a/\ud800",
  "http://a/\n",
  "http://a\n",
  "http://a/\\",
  'http://a/"',
  'http://"a"/',
  "http://a/b'(c)*",
  "http://a/<>",
  "http://a/{id}",
  "http://a/[x]",
  "http://a/^`|",
  "http://u@",
  "http://u:p@h",
  "http://u@v@h",
  "http://@h",
  'http://"@h',
  "http://h:",
  "http://h:80",
  "http://h:999999",
  "http://h:8a",
  "http://h:80:90",
  "http://:80",
  "http://[::]",
  "http://[::1]",
  "http://[1::]",
  "http://[1::8]:1/",
  "http://[1:2:3:4:5:6:7:8]",
  "http://[1:2:3:4:5:6:7]",
  "http://[1:2:3:4:5:6:7:8:9]",
  "http://[1:2:3:4:5:6:7::]",
  "http://[::2:3:4:5:6:7:8]",
  "http://[1::3:4:5:6:7:8]",
  "http://[1:2::4:5:6:7:8]",
  "http://[1::2::3]",
  "http://[12345::]",
  "http://[g::]",
  "http://[::ffff:192.0.2.1]",
  "http://[::192.0.2.256]",
  "http://[1:2:3:4:5:6:192.0.2.1]",
  "http://[1:2:3:4:5:6:7:192.0.2.1]",
  "http://[1:2:3:4:5::192.0.2.1]",
  "http://[::01.002.3.4]",
  "http://[::250.255.249.199]",
  "http://[::0.10.100.200]",
  "http://[::260.1.1.1]",
  "http://[::1.300.1.1]",
  "http://[fe80::1%25en0]",
  "http://[v1.a]",
  "http://[V1f.a:b]",
  "http://[v.a]",
  "http://[v1.]",
  "http://[vg.a]",
  "http://[]",
  "http://[::1",
  "http://::1",
  "http://192.0.2.1",
  "http://192.0.2.999",
  "http://1.2.3",
  "javascript:alert(1)",
  "data:text/plain;base64,SGVsbG8=",
  "tel:+49-30-1",
  "a:%41",
  "a:%4",
  "a:b%",
  "%41:b",
  " http://a",
  "http://a ",
  "http://a\u0000",
  "http//a",
  "a/b:c",
  "a/b",
];

const schemes = ["http:", "https:", "ftp:", "a:", "A+-.1:", "urn:", "1:", "", ":", "ht tp:", "ü:"];
const openings = ["//", "//", "//", "/", "", "///", "//u@", "//u:p@", "//%41@", "//%4@", "//u@v@", '//"@'];
const hosts = [
  "example.com",
  "h",
  "",
  "1.2.3.4",
  "[::1]",
  "[v1.a]",
  "%41",
  "%4",
  '"q"',
  "a b",
  "ü",
  "h:80",
  "h:",
  "h:x",
];
const groups = ["1", "12", "abc", "ffff", "12345", "", "0", "g"];
const fours = ["", "1.2.3.4", "255.255.255.255", "256.1.1.1", "01.002.000.9", "1.2.3"];
const paths = [
  "",
  "/",
  "//",
  "/a",
  "/a/",
  "/a//b",
  "a/b",
  "/%2f",
  "/%2",
  "/ä",
  "/a:b@c",
  "/a b",
  '/"',
  "/;,=&$!*'()",
  "/[",
  "/?",
];
const endings = ["", "", "?", "?q=1", "?/?", "#", "#f", "#/?", "?q#f", "#f#g", "?%", "?[", "#%41", "#^"];
const alphabet = "abzAZ019:/?#[]@!$&'()*+,;=-._~%\"<>\\^`{|} \n\u00e9\u0131\u017f\u212a";

/**
 * A text that is a URI or fails to be one by a little: plain, at an edge, put together from parts that fit each other or
 * not, or with a few characters altered.
 */
export function uri(draw: Draw): string {
  switch (draw.below(5)) {
    case 0:
      return draw.pick(plainUris);
    case 1:
      return draw.pick(edgyUris);
    case 2:
      return withTypos(draw, draw.pick(edgyUris), alphabet);
    case 3:
      return `http://[${address(draw)}]${draw.pick(paths)}`;
    default:
      return draw.pick(schemes) + draw.pick(openings) + draw.pick(hosts) + draw.pick(paths) + draw.pick(endings);
  }
}

function address(draw: Draw): string {
  const parts = Array.from({ length: draw.below(10) }, () =>
    draw.chance(0.9) ? draw.pick(groups.slice(0, 4)) : draw.pick(groups),
  );
  if (draw.chance(0.6)) parts.splice(draw.below(parts.length + 1), 0, "");
  const text = parts.join(":") + (draw.chance(0.3) ? `:${draw.pick(fours)}` : "");
  return draw.chance(0.3) ? `:${text}` : text;
}
