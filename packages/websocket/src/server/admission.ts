import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { AdmissionRules } from "./admission-rules.ts";
import { readBasicCredentials } from "./basic-credentials.ts";
import { isOfOrganization, presentedCertificate } from "./certificates/client-certificate.ts";
import { type ConnectionRefusal, refusal } from "./connection-refusal.ts";
import type { HandshakeRequest } from "./handshake-request.ts";
import { type AnyEndpoint, chooseEndpoint, offeredSubprotocols } from "./negotiation.ts";
import { identityOf, isBelow, readRequestPath } from "./request-path.ts";
import { badCredentials, settleProfile } from "./security-profile.ts";
import { type Origin, originOf, plainAddress } from "./trusted-proxy.ts";

/** A request that may go on to `authenticate`. */
export interface Admission {
  readonly endpoint: AnyEndpoint;
  readonly request: HandshakeRequest;
}

/** Where a request comes from, with what trusted proxies tell. */
export function originOfRequest(rules: AdmissionRules, request: IncomingMessage, socket: Duplex): Origin {
  const direct = {
    address: plainAddress(request.socket.remoteAddress),
    secure: socket instanceof TLSSocket,
  };
  return originOf(direct, request.headers, rules.isTrusted);
}

/** Checks that a request opens a WebSocket (RFC 6455 §4.2.1), so that nobody is asked about one that does not. */
export function checkUpgrade({ method, headers }: IncomingMessage): ConnectionRefusal | undefined {
  if (method !== "GET") return refusal("request", 405, "A WebSocket is opened with GET", { headers: { Allow: "GET" } });
  if (headers.upgrade?.toLowerCase() !== "websocket") return refusal("request", 400, "This is not a WebSocket request");
  if (!/^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "")) {
    return refusal("request", 400, "The Sec-WebSocket-Key header is missing or not valid");
  }
  if (headers["sec-websocket-version"] !== "13" && headers["sec-websocket-version"] !== "8") {
    return refusal("request", 426, "Only version 13 of the WebSocket protocol is spoken here", {
      headers: { "Sec-WebSocket-Version": "13" },
    });
  }
  if (offeredSubprotocols(headers["sec-websocket-protocol"]) === undefined) {
    return refusal("request", 400, "The Sec-WebSocket-Protocol header is not valid");
  }
  return undefined;
}

/** What can be said about a request without asking the application. */
export function examine(
  rules: AdmissionRules,
  request: IncomingMessage,
  socket: Duplex,
  { address, secure }: Origin,
): Admission | ConnectionRefusal {
  const { path, query: rawQuery } = readRequestPath(request.url ?? "");
  if (!isBelow(path, rules.path)) return refusal("path", 404, "There is nothing here");
  const invalid = checkUpgrade(request);
  if (invalid !== undefined) return invalid;
  const { authorization, ...headers } = request.headers;
  const { origin } = headers;
  if (origin !== undefined && rules.origins !== undefined && !rules.origins.includes(origin)) {
    return refusal("origin", 403, "Pages of this origin may not connect");
  }
  const identity = identityOf(path);
  if (identity === undefined) return refusal("identity", 400, "The path is not properly percent-encoded");

  const subprotocols = offeredSubprotocols(headers["sec-websocket-protocol"]) ?? [];
  const endpoint = chooseEndpoint(rules.endpoints, subprotocols, rules.defaultSubprotocol);
  if (endpoint === undefined)
    return refusal("subprotocol", rules.noCommonVersion === "close" ? 101 : 400, "No OCPP version in common");
  const { subprotocol } = endpoint.protocol;
  if (!rules.isIdentity(identity, subprotocol)) {
    return refusal("identity", 400, "The path does not end in the identity of a station");
  }

  const query = new URLSearchParams(rawQuery);
  const ticket = query.get(rules.ticketParameter) ?? undefined;
  query.delete(rules.ticketParameter);
  const credentials = readBasicCredentials(authorization);
  const presented = presentedCertificate(socket, rules.forgivesExpired);
  // A00.FR.407: who shows a certificate that is not valid is not let in by other means either.
  if (presented?.invalid !== undefined && rules.profiles.has(3)) {
    return refusal("certificate", 403, "The client certificate is not valid", { error: new Error(presented.invalid) });
  }
  const securityProfile = settleProfile(
    {
      secure,
      credentials: rules.authenticated && (credentials !== undefined || ticket !== undefined),
      certificate: presented !== undefined,
    },
    rules.profiles,
  );
  if (typeof securityProfile !== "number") return securityProfile;
  const clientCertificate = securityProfile === 3 ? presented?.certificate : undefined;
  if (clientCertificate !== undefined) {
    if (!isOfOrganization(clientCertificate, rules.organizations)) {
      return refusal("certificate", 403, "The client certificate is of an organization that is not served");
    }
    if (!rules.isCertificateOf(clientCertificate, identity)) {
      return refusal("certificate", 403, "The client certificate is not the station's");
    }
  }
  const basic = securityProfile === 1 || securityProfile === 2;
  if (basic && credentials !== undefined && !rules.anyUsername && credentials.username !== identity) {
    return badCredentials("The user name is not the identity");
  }
  return {
    endpoint,
    request: {
      identity,
      securityProfile,
      credentials,
      ticket,
      clientCertificate,
      certificateExpired: clientCertificate !== undefined && presented?.expired === true,
      subprotocol,
      subprotocols,
      path,
      query,
      headers,
      origin,
      remoteAddress: address,
      secure,
    },
  };
}
