const levelNames: Readonly<Record<number, string>> = {
  10: "TRACE",
  20: "DEBUG",
  30: "INFO ",
  40: "WARN ",
  50: "ERROR",
  60: "FATAL",
};

/** Control characters would let a station move the cursor or begin lines of its own. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Writes a line of the log, which is JSON, for people: time, level, part, text, and the other fields behind it. */
export function prettyLine(line: string): string {
  const { level, time, part, msg, system: _system, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = new Date(String(time)).toISOString().slice(11, 23);
  const details = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const head = [clock, levelNames[Number(level)] ?? String(level), ...(typeof part === "string" ? [`${part}:`] : [])];
  return `${printable([...head, String(msg), ...details].join(" "))}\n`;
}
