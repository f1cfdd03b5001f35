import { type HandshakeRequest, type Refusal, refuse } from "@ocpp/websocket/server";
import { ConflictError } from "../services/service-error.ts";
import type { Services } from "../services/services.ts";
import { PasswordBusyError, passwordText } from "../services/station-password.ts";
import { StoreError } from "../store/store-error.ts";
import type { StationRow } from "../store/tables.ts";
import { createBootGate } from "./boot-gate.ts";
import { findRaisedProfile } from "./security-raise.ts";
import type { StationSession } from "./station-session.ts";

/** Decides who is let in, as `authenticate` of the server. */
export type StationAuthentication = (request: HandshakeRequest) => Promise<StationSession | Refusal>;

/** Seconds after which a station that found us busy may come again. */
const retryAfter = 5;

/** The services that this needs. */
export type AuthenticationServices = Pick<Services, "configuration" | "log" | "stations" | "store" | "systemLog">;

/**
 * Makes the authentication: the row of the station decides. A Rejected station is let in, so that its BootNotification can
 * be answered Rejected (B03). Passwords stand in no log and no answer.
 */
export function createAuthentication(services: AuthenticationServices): StationAuthentication {
  const { configuration, log, stations, store, systemLog } = services;
  const { unknown, bootGate } = configuration.stations;
  const served = new Set<number>(configuration.webSocket.securityProfiles);
  const refusedAt = new Map<string, number>();

  /** Writes down that somebody failed to show who they are; not every time, since they try again and again. */
  const failed = (stationId: string, address: string, what: string): void => {
    const count = (refusedAt.get(stationId) ?? 0) + 1;
    if (refusedAt.size > 10_000) refusedAt.clear();
    refusedAt.set(stationId, count);
    // 1, 2, 4, 8, …: what goes on for long is told of less and less often.
    if ((count & (count - 1)) !== 0) return;
    systemLog.write(
      "WARNING",
      "System",
      `A connection from ${address} was refused: ${what} (${count} times)`,
      stationId,
    );
  };

  /** The row of a station, which may be taken in now; undefined where it stays outside. */
  const admit = async ({
    identity,
    remoteAddress,
    subprotocols,
    credentials,
    securityProfile,
  }: HandshakeRequest): Promise<StationRow | undefined> => {
    const row = await stations.get(identity);
    if (row !== undefined) return row;
    if (unknown === "refuse") {
      await stations.knocked(identity, remoteAddress, subprotocols);
      return undefined;
    }
    // The password that it shows is its own from now on: whoever comes first under a name keeps it.
    const password = credentials?.username === identity ? passwordText(credentials.password) : "";
    if (password === "" && securityProfile !== 3 && !served.has(0)) return undefined;
    try {
      return await stations.add(identity, {
        registration: unknown === "accept" ? "Accepted" : "Pending",
        ...(password === "" ? {} : { password }),
      });
    } catch (error) {
      if (error instanceof ConflictError) return stations.get(identity);
      throw error;
    }
  };

  /** The profile that the connection fulfils in the eyes of the station's row, or the refusal. */
  const checkCredentials = async (row: StationRow, request: HandshakeRequest): Promise<number | Refusal> => {
    const { identity, credentials, securityProfile, remoteAddress } = request;
    if (securityProfile === 3) return 3;
    if (row.password_hash === null && row.next_password_hash === null) {
      // Nobody can check what it shows, so it counts as nothing.
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
    if (!(await stations.verifyPassword(row, Buffer.from(credentials.password)))) {
      failed(identity, remoteAddress, "the password is wrong");
      return refuse(401);
    }
    return request.secure ? 2 : 1;
  };

  return async (request) => {
    const { identity, remoteAddress } = request;
    try {
      const row = await admit(request);
      if (row === undefined) return refuse(404);
      const shown = await checkCredentials(row, request);
      if (typeof shown !== "number") return shown;
      if (shown < row.security_profile) {
        failed(identity, remoteAddress, `it fulfils security profile ${shown}, ${row.security_profile} is demanded`);
        const basic = request.secure ? 2 : 1;
        return refuse(request.credentials === undefined && row.security_profile <= basic ? 401 : 403);
      }
      const raised = await findRaisedProfile(store, identity, row.security_profile, shown);
      if (raised !== undefined) {
        await stations.change(identity, { securityProfile: raised });
        systemLog.write("NOTICE", "System", `The station is held to security profile ${raised} from now on`, identity);
      }
      refusedAt.delete(identity);
      // Showing a password or a profile may have changed the row.
      const current =
        raised === undefined && row.next_password_hash === null ? row : ((await stations.get(identity)) ?? row);
      return {
        stationId: identity,
        row: current,
        remoteAddress,
        securityProfile: shown,
        gate: createBootGate(() => stations.live(identity) ?? current, bootGate === "off"),
        asked: new Set(),
        line: undefined,
      };
    } catch (error) {
      if (error instanceof PasswordBusyError) return refuse(503, { retryAfter });
      if (error instanceof StoreError) {
        log.error({ stationId: identity, error }, "A station could not be let in: the database does not answer");
        return refuse(503, { retryAfter });
      }
      throw error;
    }
  };
}
