/** How many characters must be changed, added, left out or swapped to get from one text to the other. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row += 1) {
    const above = rows[row - 1] ?? [];
    const line = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line[column] = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (rows[row - 2]?.[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    rows.push(line);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/** What all names of one kind are spelt like: case, dots, dashes and underscores do not count. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/**
 * The known name that was probably meant: spelt the same but for case and separators, or a third of it wrong at most.
 * Names over 100 characters are not looked at, since the work grows with their length.
 */
export function suggestion(unknown: string, known: Iterable<string>): string | undefined {
  if (unknown.length > 100) return undefined;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(unknown.length / 3)) + 1;
  for (const name of known) {
    const far = plain(name) === plain(unknown) ? 0 : distance(unknown.toLowerCase(), name.toLowerCase());
    if (far < least) [best, least] = [name, far];
  }
  return best;
}

/** The same as the end of a sentence, with a space before it; empty where nothing is near. */
export function didYouMean(unknown: string, known: Iterable<string>): string {
  const name = suggestion(unknown, known);
  return name === undefined ? "" : ` Did you mean ${name}?`;
}
