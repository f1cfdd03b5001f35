import { manualClock } from "@ocpp/core";
import { expect, it } from "vitest";
import { createRefusalLog } from "./refusal-log.ts";

it("tells of so many refusals a minute, and then how many more there were", async () => {
  const clock = manualClock();
  const lines: string[] = [];
  const log = createRefusalLog(
    {
      write: (_level, _source, text, stationId) => lines.push(stationId === undefined ? text : `${stationId}: ${text}`),
    },
    clock,
    2,
  );
  for (const id of ["A", "B", "C", "D", "E"]) log.write("credentials", "It was refused", id);
  log.count("unknown");
  expect(lines).toEqual(["A: It was refused", "B: It was refused"]);
  await clock.advance(60_000);
  expect(lines.splice(0)).toEqual([
    "A: It was refused",
    "B: It was refused",
    "3 more connections with wrong credentials were refused",
    "1 more connections of unknown stations were refused, and are not listed",
  ]);
  await clock.advance(600_000);
  expect(lines).toEqual([]);
  for (const id of ["F", "G", "H"]) log.write("credentials", "It was refused", id);
  log.close();
  log.count("credentials");
  await clock.advance(600_000);
  expect(lines).toEqual([
    "F: It was refused",
    "G: It was refused",
    "1 more connections with wrong credentials were refused",
  ]);
});
