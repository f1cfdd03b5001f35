import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { testDatabases } from "../store/store.fixture.ts";
import { createBench } from "./background.fixture.ts";
import { askStations } from "./station-round.ts";
