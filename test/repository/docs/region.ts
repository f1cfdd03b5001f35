const marker = /^\s*(?:\/\/|#|<!--) ?#(?:end)?region\b/;

/**
 * A part of a program, between the comments `#region name` and `#endregion name`; the whole of it without a name. The
 * markers are left out, and so is the indentation that all lines share. Throws where there is no such region.
 */
export function cutRegion(program: string, name: string | undefined): string {
  const lines = program.split("\n");
  if (name === undefined) return tidy(lines);
  const find = (word: string): number =>
    lines.findIndex((line) => marker.test(line) && line.replace(/ *-->$/, "").endsWith(`#${word} ${name}`));
  const [begin, end] = [find("region"), find("endregion")];
  if (begin < 0 || end < begin) throw new Error(`there is no region ${name}`);
  return tidy(lines.slice(begin + 1, end));
}

function tidy(lines: readonly string[]): string {
  const kept = lines.filter((line) => !marker.test(line));
  const indents = kept.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  const text = kept.map((line) => line.slice(indent)).join("\n");
  return `${text.replace(/^\n+|\n+$/g, "")}\n`;
}

const statement = /^import (?:(type )?\{([^}]*)\}|(\w+)) from "([^"]+)";$/gm;

/** The import statements of a program, with the names only that a part of it uses; empty where it uses none. */
export function importsFor(program: string, part: string): string {
  const code = part.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"[^"\n]*"/g, "");
  const used = new Set(code.match(/[\w$]+/g));
  const statements = Array.from(program.matchAll(statement), ([, type = "", names = "", whole, from = ""]) => {
    if (whole !== undefined) return used.has(whole) ? `import ${whole} from "${from}";\n` : "";
    const kept = names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => used.has(name.replace(/^type /, "").replace(/.* as /, "")));
    return kept.length === 0 ? "" : `import ${type}{ ${kept.join(", ")} } from "${from}";\n`;
  });
  const text = statements.join("");
  return text === "" ? "" : `${text}\n`;
}
