import { v16 } from "@ocpp/v16";
import { v21 } from "@ocpp/v21";
import { v201 } from "@ocpp/v201";
import { expect, it } from "vitest";
import { brokenRule } from "../../commands/rules.ts";
import { callableActions } from "./calls.ts";
import { callExamples } from "./examples.ts";

type Actions = Readonly<Record<string, { readonly from: string; readonly request: (value: unknown) => unknown }>>;
const versions: Readonly<Record<string, Actions>> = { v16: v16.actions, v201: v201.actions, v21: v21.actions };

const all = Object.entries(callExamples).flatMap(([action, examples]) =>
  Object.entries(examples).map(([version, payload]) => [action, version, payload] as const),
);

it.each(all)("%s of %s is one that may be sent", (action, version, payload) => {
  const found = versions[version]?.[action];
  expect(found?.from).not.toBe("station");
  expect(found?.request(payload)).toBeUndefined();
  expect(brokenRule(action, payload)).toBeUndefined();
});

it("there is one of each action in each version that has it", () => {
  for (const action of callableActions()) {
    const knowing = Object.keys(versions).filter((version) => {
      const found = versions[version]?.[action];
      return found !== undefined && found.from !== "station";
    });
    expect(Object.keys(callExamples[action] ?? {}).sort(), action).toEqual(knowing.sort());
  }
});
