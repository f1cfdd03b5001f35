/**
 * The value of the Authorization header of HTTP Basic authentication (RFC 7617). A text travels as UTF-8 (OCPP 2.0.1
 * errata §2.17.3), bytes as they are: OCPP 1.6 uses keys of 20 bytes (OCPP-J 1.6 §6.2.2).
 */
export function basicAuthorization(username: string, password: string | Uint8Array): string {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const bytes = [...encode(`${username}:`), ...(typeof password === "string" ? encode(password) : password)];
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
