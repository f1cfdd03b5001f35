/** The password in `user:password@host`, also where slashes are escaped. */
const credentials = /(:(?:\\?\/){2}[^\s"\\/:@]*:)[^\s"\\/@]+(?=@)/g;

/**
 * Parameters of queries that let whoever has them in: tokens, keys, passwords and signatures, such as those of signed URLs of
 * object stores (`X-Amz-Signature`, `sig` of a SAS). The name ends before `=`; the value ends where the next parameter begins.
 */
const parameters =
  /((?:[?&;]|\\u0026)(?:[\w.-]*(?:token|signature|secret|password|passwd|passphrase|credential|api[-_.]?key|access[-_.]?key)|sig|key|pwd|auth|ticket)=)(?:[^&;#\s"'<>\\]|\\\/)+/gi;

/** Masks secrets in URLs, wherever they stand in a text; host, path and the other parameters stay. */
export function maskUrls(text: string): string {
  const masked = text.includes("@") ? text.replaceAll(credentials, "$1***") : text;
  return masked.includes("=") ? masked.replaceAll(parameters, "$1***") : masked;
}
