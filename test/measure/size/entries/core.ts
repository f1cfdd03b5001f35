// The RPC core without any version: endpoints, peers and their errors.
import { ConnectionError, connectPeer, csms, OcppError, station, ViolationError } from "@ocpp/core";

export { ConnectionError, connectPeer, csms, OcppError, station, ViolationError };
