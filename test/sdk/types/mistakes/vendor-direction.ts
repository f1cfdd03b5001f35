// A vendor's action says that it comes from nobody.
import type { Action } from "@ocpp/core";

// error TS2344: Type '"charger"' is not assignable to type
export declare const AcmePing: Action<{ from: "charger"; request: { count: number }; response: { count: number } }>;
