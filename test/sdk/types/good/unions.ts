// A connection that may be one of several versions is told apart by its protocol.
import { anyCsms, anyStation } from "../connections.ts";
import { same } from "./assertion.ts";

same<typeof anyStation.protocol, "ocpp1.6" | "ocpp2.0.1" | "ocpp2.1">(true);

if (anyStation.protocol === "ocpp1.6") {
  const { idTagInfo } = await anyStation.call("Authorize", { idTag: "x" });
  same<typeof idTagInfo.status, "Accepted" | "Blocked" | "Expired" | "Invalid" | "ConcurrentTx">(true);
} else {
  same<typeof anyStation.protocol, "ocpp2.0.1" | "ocpp2.1">(true);
}

switch (anyCsms.protocol) {
  case "ocpp1.6":
    await anyCsms.call("Reset", { type: "Soft" });
    break;
  case "ocpp2.0.1":
    await anyCsms.call("Reset", { type: "OnIdle" });
    break;
  case "ocpp2.1":
    await anyCsms.call("Reset", { type: "ImmediateAndResume" });
    break;
  default:
    same<typeof anyCsms, never>(true);
}

// What all versions have in common needs no narrowing.
anyCsms.signal.addEventListener("abort", () => {});
export const answer: unknown = await anyCsms.callByName("ClearCache", {});
export const closure = await anyCsms.close({ code: 1001, reason: "restart" });
