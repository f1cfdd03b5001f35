import { allowedValues } from "./allowed-values.ts";
import { settingList } from "./setting-list.ts";

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** The table of all settings, as Markdown. */
export function settingsTable(): string {
  const rows = settingList.map(({ path, variables, flags, setting }) => {
    const fallback = setting.default === null ? "none" : `\`${JSON.stringify(setting.default)}\``;
    const unit = "unit" in setting && setting.unit !== undefined ? ` (${setting.unit})` : "";
    return [
      `\`${path}\``,
      `\`${variables[0]}\``,
      `\`--${flags[0]}\``,
      allowedValues(setting) + unit,
      setting.secret === true && setting.default !== null ? `${fallback}, masked` : fallback,
      setting.doc,
    ];
  });
  return [
    ["setting", "environment variable", "flag", "allowed", "default", "what it does"],
    ["---", "---", "---", "---", "---", "---"],
    ...rows,
  ]
    .map((cells) => `| ${cells.map(cell).join(" | ")} |`)
    .join("\n");
}

const begin = "<!-- settings:begin -->";
const end = "<!-- settings:end -->";

/** The document with the table between its markers. Throws where they are missing. */
export function withSettingsTable(document: string): string {
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`The document needs ${begin} and ${end}`);
  return `${before}${begin}\n\n${settingsTable()}\n\n${end}${after}`;
}
