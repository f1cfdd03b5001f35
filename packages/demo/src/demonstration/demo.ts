import { type AnyPeer, ConnectionError } from "@ocpp/core";
import { connect, type Session } from "@ocpp/websocket";
import { refuse, samePassword, serve } from "@ocpp/websocket/server";
import { type CsmsHandlers, csmsEndpoints } from "./csms.ts";
import { frameLog, type TracedFrame } from "./frame-log.ts";
import { pause } from "./pause.ts";
import { sendInbox } from "./send-inbox.ts";
import type { DemoStation, FollowUp, Version } from "./station.ts";
import { station16 } from "./station-1.6.ts";
import { station201 } from "./station-2.0.1.ts";
import { station21 } from "./station-2.1.ts";
import type { Step } from "./step.ts";
import { type StepResult, stepRunner } from "./step-run.ts";
import { type StationSummary, summarize } from "./summary.ts";

/** What the demonstration is to be. */
export interface DemoOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly versions: readonly Version[];
  /** Steps a second; 0 for no pause. */
  readonly rate: number;
  /** How the CSMS answers. */
  readonly handlers: CsmsHandlers;
  /** Breaks the demonstration off. */
  readonly signal: AbortSignal;
}

/** Who watches the demonstration. */
export interface Audience {
  readonly listening: (url: string) => void;
  readonly scenario: (station: DemoStation, title: string) => void;
  readonly frame: (frame: TracedFrame) => void;
  readonly step: (station: DemoStation, result: StepResult) => void;
}

const makers: { readonly [V in Version]: (followUp: FollowUp) => DemoStation } = {
  "1.6": station16,
  "2.0.1": station201,
  "2.1": station21,
};

/** A station with what its scenarios are run with. */
interface Performer {
  readonly station: DemoStation;
  readonly run: ReturnType<typeof stepRunner>["run"];
  readonly frames: TracedFrame[];
  readonly results: StepResult[];
  session: Session | undefined;
}

/**
 * Starts the CSMS, connects the stations and runs their scenarios, one station after the other. Resolves with what came
 * of it; rejects where the CSMS cannot be started, a station cannot connect or the signal aborts.
 */
export async function runDemo(options: DemoOptions, audience: Audience): Promise<readonly StationSummary[]> {
  const { signal } = options;
  const inbox = sendInbox();
  const performers = options.versions.map((version) => makePerformer(version));
  const passwords = new Map(performers.map(({ station }) => [station.identity, station.password]));
  const endpoints = csmsEndpoints(options.handlers);
  const server = await serve({
    host: "127.0.0.1",
    port: options.port,
    endpoints: options.versions.map((version) => endpoints[version]),
    interceptors: [inbox.interceptor],
    authenticate: ({ identity, credentials }) =>
      credentials !== undefined && samePassword(credentials.password, passwords.get(identity))
        ? { identity }
        : refuse(passwords.has(identity) ? 401 : 404),
  });

  function makePerformer(version: Version): Performer {
    const runner = stepRunner({
      pace: () => pause(options.rate === 0 ? 0 : 1000 / options.rate, signal),
      ask: (step, request) => ask(performer, step, request),
      report: (result) => {
        performer.results.push(result);
        audience.step(performer.station, result);
      },
    });
    const station = makers[version](runner.followUp);
    const performer: Performer = { station, run: runner.run, frames: [], results: [], session: undefined };
    return performer;
  }

  async function ask({ station, session }: Performer, { by, kind, action }: Step, request: unknown): Promise<unknown> {
    const peer: AnyPeer | undefined = by === "csms" ? server.peer(station.identity) : session?.peer;
    if (peer === undefined) throw new ConnectionError("not-connected", `${station.identity} is not connected`);
    if (kind === "call") return peer.callByName(action, request);
    const arrival = inbox.next(station.identity, action, signal);
    sendUnanswered(peer, action, request);
    return arrival;
  }

  try {
    const url = `ws://127.0.0.1:${server.port}`;
    audience.listening(url);
    await Promise.all(
      performers.map(async (performer) => {
        const { identity, password, version, endpoint } = performer.station;
        const log = frameLog(identity, version, endpoint.protocol, (frame) => {
          performer.frames.push(frame);
          audience.frame(frame);
        });
        performer.session = connect(url, [endpoint], { identity, password, frames: log, reconnect: false });
        await performer.session.ready;
      }),
    );
    for (const { station, run } of performers) {
      for (const scenario of station.scenarios) {
        audience.scenario(station, scenario.title);
        await run(scenario);
        signal.throwIfAborted();
      }
    }
    return performers.map(({ station, frames, results }) =>
      summarize(station.identity, station.version, frames, results),
    );
  } finally {
    const timeout = signal.aborted ? 0 : 5_000;
    await Promise.all(performers.map(async ({ session }) => session?.close({ timeout })));
    await server.close({ timeout });
  }
}

/** Sends a message that is not answered. The types of `send` want a name; here it is known only when a step is taken. */
function sendUnanswered(peer: AnyPeer, action: string, request: unknown): void {
  (peer as unknown as { send(action: string, request: unknown): void }).send(action, request);
}
