/** The parts of the demonstration that the suites of interoperability use: its CSMS, its stations, and its steps. */
export { csmsEndpoints, csmsHandlers } from "./demonstration/csms.ts";
export type { DemoStation, FollowUp, Version } from "./demonstration/station.ts";
export { station16 } from "./demonstration/station-1.6.ts";
export { station201 } from "./demonstration/station-2.0.1.ts";
export { station21 } from "./demonstration/station-2.1.ts";
export type { Scenario, Step } from "./demonstration/step.ts";
export { type StepResult, stepRunner } from "./demonstration/step-run.ts";
