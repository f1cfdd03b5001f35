// For users.

// For libraries.
export type { AdmissionOptions } from "./admission-rules.ts";
export type { Authenticate } from "./authentication.ts";
export { type Credentials, samePassword } from "./basic-credentials.ts";
export type { CallLimitOptions } from "./call-limit.ts";
export { commonName } from "./certificates/client-certificate.ts";
export { type RevocationList, readRevocationLists, subjectName } from "./certificates/revocation-list.ts";
export { closeCode } from "./close-code.ts";
export type { CompressionOptions } from "./compression.ts";
export type { RefusalCause } from "./connection-refusal.ts";
export type { HandshakeRequest } from "./handshake-request.ts";
export { ListenError } from "./listen-error.ts";
export type { LivenessOptions } from "./liveness.ts";
export type { OcppServer, Peers, ServerCloseOptions } from "./ocpp-server.ts";
export { type Refusal, type RefusalOptions, refuse } from "./refusal.ts";
export type { SecurityProfile } from "./security-profile.ts";
export { serve } from "./serve.ts";
export type { ServedPeer, ServeOptions } from "./serve-options.ts";
export type { ServerEvents, ServerListener } from "./server-events.ts";
export { cipherSuites, type Pem, type TlsOptions } from "./tls.ts";
export type { Rate } from "./token-bucket.ts";
export type { TrustProxy } from "./trusted-proxy.ts";
