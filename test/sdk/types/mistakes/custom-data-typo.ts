// A vendor's field is misspelt.
import type { CustomData } from "@ocpp/v21";

// error TS2561: 'cabinte' does not exist in type 'CustomData<{ slot: number; cabinet?: string; }>'. Did you mean to write 'cabinet'?
export const customData: CustomData<{ slot: number; cabinet?: string }> = {
  vendorId: "com.example",
  slot: 3,
  cabinte: "a",
};
