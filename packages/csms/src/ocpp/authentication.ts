import { type HandshakeRequest, type Refusal, refuse } from "@ocpp/websocket/server";
import type { RefusalLog } from "../observability/refusal-log.ts";
import type { Services } from "../services.ts";
import { createBoundedMap } from "../shared/bounded-map.ts";
import { RateLimitError } from "../shared/rate-limit.ts";
import { ConflictError } from "../shared/service-error.ts";
import { judgePin } from "../stations/certificates.ts";
import { PasswordBusyError, passwordText } from "../stations/password.ts";
import { isPasswordLength, type PasswordAttempt } from "../stations/password-changes.ts";
import { StoreError } from "../store/store-error.ts";
import type { StationRow } from "../store/tables/stations.ts";
import { createBootGate } from "./boot-gate.ts";
import type { CertificateOwnership } from "./certificate-rule.ts";
import { findRaisedProfile } from "./security-raise.ts";
import type { StationSession } from "./station-session.ts";

/** Decides who is let in, as `authenticate` of the server. */
export type StationAuthentication = (
  request: HandshakeRequest,
  signal?: AbortSignal,
) => Promise<StationSession | Refusal>;

/** The row of a station whose client certificate is its own, or the refusal. */
type CheckedCertificate = { readonly row: StationRow } | { readonly refusal: Refusal };

/** Seconds after which a station that found us busy may come again. */
const retryAfter = 5;

/** How many transactions are remembered on a connection whose status was asked for. */
const mostAsked = 100;

/** How many identities are remembered whose credentials were wrong. */
const mostFailing = 10_000;

/** The services that this needs. */
export type AuthenticationServices = Pick<
  Services,
  "configuration" | "connections" | "log" | "stations" | "store" | "systemLog"
>;

/**
 * Makes the authentication: the row of the station decides. A Rejected station is let in, so that its BootNotification can
 * be answered Rejected (B03). Passwords stand in no log and no answer.
 *
 * An unknown station gets a 404, as OCPP-J 2.0.1 §3.2 wants. Under `stations.hideUnknown` nothing that is answered before a
 * station has shown who it is tells whether there is one of its name: each refusal is a 401, an unknown one's after a check
 * that takes its turn and its time as that of a wrong password does.
 */
export function createAuthentication(
  services: AuthenticationServices,
  refusals: RefusalLog,
  ownership: CertificateOwnership,
): StationAuthentication {
  const { configuration, connections, log, stations, store, systemLog } = services;
  const { duplicates } = configuration.webSocket;
  const { unknown, hideUnknown, bootGate } = configuration.stations;
  const served = new Set<number>(configuration.webSocket.securityProfiles);
  const { firstUse, pinning } = configuration.webSocket.tls;
  const failures = createBoundedMap<string, number>(mostFailing);

  /** Logs a failed authentication; not every time, since they are retried again and again. */
  const failed = (stationId: string, address: string, what: string): void => {
    const count = (failures.get(stationId) ?? 0) + 1;
    failures.set(stationId, count);
    // 1, 2, 4, 8, …: what goes on for long is reported less and less often.
    if ((count & (count - 1)) !== 0) return;
    const text = `A connection from ${address} was refused: ${what} (${count} times)`;
    refusals.write("credentials", text, stationId);
  };

  /** Refuses a certificate, in a way that does not tell whether there is a station of this name where that is hidden. */
  const refuseCertificate = ({ identity, remoteAddress }: HandshakeRequest, why: string): Refusal => {
    const text = `InvalidChargingStationCertificate: a connection from ${remoteAddress} was refused: ${why}`;
    refusals.write("certificate", text, identity);
    return refuse(
      hideUnknown ? 401 : 403,
      hideUnknown ? {} : { reason: "The client certificate is not the station's" },
    );
  };

  /** Refuses a certificate that the pins of the station exclude. */
  const refuseUnpinned = (request: HandshakeRequest, fingerprint: string): Refusal => {
    const why = "another client certificate is pinned: announce this one or remove the pin";
    return refuseCertificate(request, `${why} (fingerprint ${fingerprint})`);
  };

  /** The row of a station that is let in, with what its client certificate says, or the refusal where another one was pinned meanwhile. */
  const recordCertificate = async (row: StationRow, request: HandshakeRequest): Promise<CheckedCertificate> => {
    const { clientCertificate, certificateExpired } = request;
    if (clientCertificate === undefined) return { row };
    const fingerprint = clientCertificate.fingerprint256;
    const pinned = pinning ? await stations.pinCertificate(row, fingerprint) : row;
    if (pinned === undefined) return { refusal: refuseUnpinned(request, fingerprint) };
    return { row: await stations.recordExpiry(pinned, certificateExpired) };
  };

  /** The row of a station whose client certificate is its own, or the refusal. */
  const checkCertificate = async (row: StationRow, request: HandshakeRequest): Promise<CheckedCertificate> => {
    const { identity, clientCertificate, certificateExpired } = request;
    if (clientCertificate === undefined) return { row };
    const ownerOf = ({ serial_number: serialNumber }: StationRow) =>
      ownership.ownerOf(clientCertificate, { identity, serialNumber });
    let current = row;
    let owner = await ownerOf(row);
    const serialNumber = ownership.serialNumberIn(clientCertificate);
    if (owner === "unrecorded" && firstUse && serialNumber !== undefined && !certificateExpired) {
      current = await stations.bindSerialNumber(identity, serialNumber);
      owner = await ownerOf(current);
    }
    if (owner !== "own") {
      const why =
        owner === "other"
          ? "the client certificate is not the station's"
          : firstUse
            ? "the serial number that the client certificate names is recorded for another station"
            : "no serial number is recorded for the station: enter it, or switch on webSocket.tls.firstUse";
      return { refusal: refuseCertificate(request, why) };
    }
    if (certificateExpired && current.allow_expired_certificate === 0) {
      return { refusal: refuseCertificate(request, "the client certificate has expired") };
    }
    const fingerprint = clientCertificate.fingerprint256;
    if (pinning && judgePin(current, fingerprint) === "other") return { refusal: refuseUnpinned(request, fingerprint) };
    return { row: current };
  };

  /** Refuses an unknown station. */
  const refuseUnknown = async (request: HandshakeRequest, attempt: PasswordAttempt): Promise<Refusal> => {
    const { identity, remoteAddress, subprotocols, credentials, securityProfile } = request;
    if (unknown === "refuse") stations.noteUnknown(identity, remoteAddress, subprotocols);
    if (!hideUnknown) return refuse(404);
    if (securityProfile !== 3 && credentials?.username === identity) {
      await stations.refusePassword(identity, Buffer.from(credentials.password), attempt);
    }
    return refuse(401);
  };

  /** Takes in an unknown station by its certificate; undefined where it stays outside. */
  const admitCertified = async (
    { identity, clientCertificate, certificateExpired }: HandshakeRequest,
    registration: "Accepted" | "Pending",
    attempt: PasswordAttempt,
  ): Promise<StationRow | undefined> => {
    // No new station is let in with one that has expired.
    if (clientCertificate === undefined || certificateExpired) return undefined;
    const owner = await ownership.ownerOf(clientCertificate, { identity, serialNumber: null });
    // The certificate vouches for the name, so it is not made up.
    if (owner === "own") return stations.add(identity, { registration });
    const serialNumber = ownership.serialNumberIn(clientCertificate);
    if (owner === "other" || !firstUse || serialNumber === undefined) return undefined;
    if (await stations.isSerialNumberTaken(serialNumber)) return undefined;
    return stations.selfRegister(identity, { registration, serialNumber }, attempt);
  };

  /** Takes in an unknown station; undefined where it stays outside. */
  const admit = async (request: HandshakeRequest, attempt: PasswordAttempt): Promise<StationRow | undefined> => {
    const { identity, credentials, securityProfile } = request;
    if (unknown === "refuse") return undefined;
    // The password that it shows is its own from now on: the first one under a name keeps it.
    const password = credentials?.username === identity ? passwordText(credentials.password) : "";
    if (password === "" && securityProfile !== 3 && !served.has(0)) return undefined;
    if (password !== "" && securityProfile !== 3 && !isPasswordLength(password, configuration)) {
      failed(identity, request.remoteAddress, "the password is shorter than stations.passwords.minLength, or too long");
      return undefined;
    }
    try {
      const registration = unknown === "accept" ? "Accepted" : "Pending";
      if (securityProfile === 3) return await admitCertified(request, registration, attempt);
      const shown = password === "" ? {} : { password };
      return await stations.selfRegister(identity, { registration, ...shown }, attempt);
    } catch (error) {
      if (error instanceof ConflictError) return stations.get(identity);
      throw error;
    }
  };

  /** The profile that the connection fulfils in the eyes of the station's row, or the refusal. */
  const checkCredentials = async (
    row: StationRow,
    request: HandshakeRequest,
    attempt: PasswordAttempt,
  ): Promise<number | Refusal> => {
    const { identity, credentials, securityProfile, remoteAddress } = request;
    if (securityProfile === 3) return 3;
    if (row.password_hash === null && row.next_password_hash === null) {
      // What it shows cannot be checked, so it counts as nothing.
      return served.has(0) ? 0 : refuse(401);
    }
    if (credentials === undefined) {
      failed(identity, remoteAddress, "the password is missing");
      return refuse(401);
    }
    if (credentials.username !== identity) {
      failed(identity, remoteAddress, "the user name is not the identity");
      return refuse(401);
    }
    if (!(await stations.verifyPassword(row, Buffer.from(credentials.password), attempt))) {
      failed(identity, remoteAddress, "the password is wrong");
      return refuse(401);
    }
    return request.secure ? 2 : 1;
  };

  return async (request, signal) => {
    const { identity, remoteAddress } = request;
    const attempt: PasswordAttempt = { remoteAddress, signal };
    try {
      const known = (await stations.get(identity)) ?? (await admit(request, attempt));
      if (known === undefined) return await refuseUnknown(request, attempt);
      const checked = await checkCertificate(known, request);
      if ("refusal" in checked) return checked.refusal;
      const { row } = checked;
      const shown = await checkCredentials(row, request, attempt);
      if (typeof shown !== "number") return shown;
      if (shown < row.security_profile) {
        failed(identity, remoteAddress, `it fulfils security profile ${shown}, ${row.security_profile} is demanded`);
        if (hideUnknown && shown === 0) return refuse(401);
        const basic = request.secure ? 2 : 1;
        return refuse(request.credentials === undefined && row.security_profile <= basic ? 401 : 403);
      }
      // Of the other listener, too, of which the server that asks knows nothing.
      if (duplicates === "oldest" && connections.of(identity) !== undefined) return refuse(409);
      const raised = await findRaisedProfile(store, identity, row.security_profile, shown);
      if (raised !== undefined) {
        await stations.change(identity, { securityProfile: raised });
        systemLog.write("NOTICE", "System", `The station is held to security profile ${raised} from now on`, identity);
      }
      stations.checkConnection(row);
      failures.delete(identity);
      // Showing a password or a profile may have changed the row.
      const read =
        raised === undefined && row.next_password_hash === null ? row : ((await stations.get(identity)) ?? row);
      const recorded = await recordCertificate(read, request);
      if ("refusal" in recorded) return recorded.refusal;
      const session: StationSession = {
        stationId: identity,
        row: recorded.row,
        remoteAddress,
        securityProfile: shown,
        certifiedSerialNumber:
          request.clientCertificate === undefined ? undefined : ownership.serialNumberIn(request.clientCertificate),
        gate: createBootGate(() => stations.live(identity) ?? session.row, bootGate === "off"),
        asked: createBoundedMap(mostAsked),
        connection: undefined,
        gone: false,
        predecessors: undefined,
      };
      return session;
    } catch (error) {
      if (error instanceof RateLimitError) return refuse(429, { retryAfter: error.retryAfter });
      if (error instanceof PasswordBusyError) return refuse(503, { retryAfter });
      // There is no one left to answer.
      if (signal?.aborted === true && error === signal.reason) return refuse(503);
      if (error instanceof StoreError) {
        log.error({ stationId: identity, error }, "A station could not be let in: the database does not answer");
        return refuse(503, { retryAfter });
      }
      throw error;
    }
  };
}
