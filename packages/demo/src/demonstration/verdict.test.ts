import { OcppError } from "@ocpp/core";
import { describe, expect, it } from "vitest";
import { audienceOf } from "./audience.ts";
import { type CsmsHandlers, csmsHandlers } from "./csms.ts";
import { runDemo } from "./demo.ts";
import { readCommandLine } from "./options.ts";
import { show } from "./show.ts";
import type { Version } from "./station.ts";

/** Shows one version with a CSMS that answers otherwise; what was printed, and the exit code. */
async function watch(version: Version, change: (handlers: CsmsHandlers) => CsmsHandlers): Promise<[number, string]> {
  const commandLine = readCommandLine(["--versions", version, "--rate", "0"]);
  if (!("options" in commandLine)) throw new Error("The options are wrong");
  let text = "";
  const screen = {
    columns: 200,
    write: (more: string): void => {
      text += more;
    },
  };
  const audience = audienceOf(commandLine.options, screen, {});
  const handlers = change(csmsHandlers());
  const code = await show(audience, () =>
    runDemo({ ...commandLine.options, handlers, signal: new AbortController().signal }, audience),
  );
  return [code, text];
}

describe("the verdict of the demonstration", () => {
  it("is 0 for the CSMS as it is", async () => {
    const [code, text] = await watch("2.1", (handlers) => handlers);
    expect(text).toContain("All 23 steps went as expected.");
    expect(code).toBe(0);
  });

  it("is 1 where the CSMS rejects the driver, and what depends on that is not reached", async () => {
    const [code, text] = await watch("1.6", (handlers) => ({
      ...handlers,
      "1.6": { ...handlers["1.6"], Authorize: () => ({ idTagInfo: { status: "Blocked" } }) },
    }));
    expect(code).toBe(1);
    expect(text).toContain("✗ Authorize: idTagInfo.status: expected Accepted, got Blocked");
    expect(text).toMatch(/^- StartTransaction .*not reached$/m);
    expect(text).toContain("8 of 19 steps did not go as expected.");
    // The remote charge does not depend on it.
    expect(text).toMatch(/^✓ csms: RemoteStopTransaction/m);
  });

  it("is 1 where the CSMS answers with an error, which the trace and the table show", async () => {
    const [code, text] = await watch("2.0.1", (handlers) => ({
      ...handlers,
      "2.0.1": {
        ...handlers["2.0.1"],
        TransactionEvent: (request) => {
          if (request.eventType === "Updated") throw new OcppError("SecurityError", "Not today");
          return request.eventType === "Ended" ? { totalCost: 1 } : { idTokenInfo: { status: "Accepted" } };
        },
      },
    }));
    expect(code).toBe(1);
    expect(text).toMatch(/◀── csms ERROR +TransactionEvent .*\{code: SecurityError, description: "Not today"/);
    expect(text).toMatch(/^✗ TransactionEvent Updated, Charging +\{\} +CALLERROR SecurityError: Not today/m);
    // The CSMS started the transaction, so the station is asked to stop it only where the start went well to its end.
    expect(text).toMatch(/^- csms: RequestStopTransaction .*not reached$/m);
  });

  it("is 1 where a response has a field too many, and where one is missing", async () => {
    const [extra, text] = await watch("2.0.1", (handlers) => ({
      ...handlers,
      "2.0.1": { ...handlers["2.0.1"], StatusNotification: () => ({ customData: { vendorId: "com.example" } }) },
    }));
    expect(extra).toBe(1);
    expect(text).toContain("customData: expected nothing, got {vendorId: com.example}");
    const [missing, more] = await watch("2.1", (handlers) => ({
      ...handlers,
      "2.1": { ...handlers["2.1"], OpenPeriodicEventStream: () => ({ status: "Rejected" }) },
    }));
    expect(missing).toBe(1);
    expect(more).toMatch(/^- NotifyPeriodicEventStream Power .*not reached$/m);
  });
});
