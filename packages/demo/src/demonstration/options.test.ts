import { describe, expect, it } from "vitest";
import { readCommandLine } from "./options.ts";
import { wantsColour } from "./palette.ts";

describe("the command line", () => {
  it("has defaults", () => {
    const versions = ["1.6", "2.0.1", "2.1"];
    const options = { port: 0, versions, rate: 25, json: false, colour: undefined };
    expect(readCommandLine([])).toEqual({ options });
  });

  it("takes options, versions in any order", () => {
    const args = ["--port=9000", "--versions", "2.1, 1.6", "--rate", "0.5", "--json", "--color"];
    const options = { port: 9000, versions: ["1.6", "2.1"], rate: 0.5, json: true, colour: true };
    expect(readCommandLine(args)).toEqual({ options });
    expect(readCommandLine(["-h", "--port", "1"])).toEqual({ help: true });
  });

  it.each([
    [["--prot", "1"], /^Unknown option '--prot'$/],
    [["--port", "seventy"], /^--port must be a whole number from 0 to 65535, not "seventy"$/],
    [["--port", "70000"], /^--port must be a whole number/],
    [["--port"], /^--port needs a value$/],
    [["--rate", "-1"], /^--rate needs a value$/],
    [["--rate=-1"], /^--rate must be/],
    [["--json=yes"], /^Option '--json' does not take an argument$/],
    [["--rate", "fast"], /^--rate must be a number of steps per second from 0 to 1000, not "fast"$/],
    [["--versions", "1.5"], /^--versions knows 1\.6, 2\.0\.1, 2\.1, not "1\.5"$/],
    [["--versions", ""], /^--versions knows/],
    [["now"], /^Unexpected argument 'now'/],
  ])("says what is wrong with %j", (args, sentence) => {
    const commandLine = readCommandLine(args);
    expect(commandLine).toEqual({ problem: expect.stringMatching(sentence) });
    expect(JSON.stringify(commandLine)).not.toMatch(/\\n|`/);
  });
});

describe("colour", () => {
  const isTerminal = true;
  it("is for terminals that know it, unless somebody says otherwise", () => {
    expect(wantsColour({ option: undefined, env: {}, isTerminal })).toBe(true);
    expect(wantsColour({ option: undefined, env: {}, isTerminal: false })).toBe(false);
    expect(wantsColour({ option: undefined, env: { TERM: "dumb" }, isTerminal })).toBe(false);
    expect(wantsColour({ option: undefined, env: { NO_COLOR: "1", FORCE_COLOR: "1" }, isTerminal })).toBe(false);
    expect(wantsColour({ option: undefined, env: { NO_COLOR: "" }, isTerminal })).toBe(true);
    expect(wantsColour({ option: undefined, env: { FORCE_COLOR: "1" }, isTerminal: false })).toBe(true);
    expect(wantsColour({ option: undefined, env: { FORCE_COLOR: "0" }, isTerminal })).toBe(false);
    expect(wantsColour({ option: true, env: { NO_COLOR: "1" }, isTerminal: false })).toBe(true);
    expect(wantsColour({ option: false, env: { FORCE_COLOR: "1" }, isTerminal })).toBe(false);
  });
});
