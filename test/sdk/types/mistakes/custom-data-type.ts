// A vendor's field of the wrong type.
import type { CustomData } from "@ocpp/v201";

// error TS2322: Type 'string' is not assignable to type 'number'.
export const customData: CustomData<{ slot: number }> = { vendorId: "com.example", slot: "3" };
