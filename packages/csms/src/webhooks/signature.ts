import { createHmac, randomBytes } from "node:crypto";

const prefix = "whsec_";

/** Makes the secret of a webhook: 256 random bits, as the Standard Webhooks convention writes them. */
export function newWebhookSecret(): string {
  return prefix + randomBytes(32).toString("base64");
}

/**
 * The `webhook-signature` of a delivery: HMAC-SHA256 over its id, its timestamp in seconds since 1970, and its body, with
 * dots between. A receiver makes the same and compares.
 */
export function signWebhook(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}
