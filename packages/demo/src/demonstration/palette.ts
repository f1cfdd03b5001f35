/** What a piece of text stands for; each has its colour. */
export type Tone = "plain" | "quiet" | "strong" | "good" | "bad" | "to-csms" | "to-station" | "1.6" | "2.0.1" | "2.1";

/** Colours a text, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

const codes: { readonly [T in Tone]: string } = {
  plain: "",
  quiet: "2",
  strong: "1",
  good: "32",
  bad: "1;31",
  "to-csms": "36",
  "to-station": "35",
  "1.6": "33",
  "2.0.1": "34",
  "2.1": "32",
};

/** The colours of a terminal, or none. */
export function makePaint(colour: boolean): Paint {
  return (tone, text) =>
    colour && codes[tone] !== "" && text !== "" ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text;
}

/** What decides whether there is colour. */
export interface ColourQuestion {
  /** The option on the command line, where there is one. */
  readonly option: boolean | undefined;
  readonly env: { readonly [name: string]: string | undefined };
  readonly isTerminal: boolean;
}

/**
 * Whether to colour: the option first, then NO_COLOR (no-color.org: set and not empty), then FORCE_COLOR (anything but 0
 * and false), then whether somebody looks at a terminal that knows colours.
 */
export function wantsColour({ option, env, isTerminal }: ColourQuestion): boolean {
  if (option !== undefined) return option;
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isTerminal && env["TERM"] !== "dumb";
}
