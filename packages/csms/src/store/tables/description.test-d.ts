import type { TableDescription, TableDescriptions } from "./description.ts";

interface Row {
  id: number;
  at: number;
  body: string;
}

const row: TableDescription<Row> = { key: ["id"], id: "id", longTexts: ["body"], age: null, idTokens: null };

export const complete: TableDescriptions<{ one: Row; other: Row }> = { one: row, other: row };

// @ts-expect-error A table that is forgotten does not compile.
export const forgotten: TableDescriptions<{ one: Row; other: Row }> = { one: row };

// @ts-expect-error Nor does one that does not say where it holds the id tokens of drivers.
export const unsaid: TableDescription<Row> = { key: ["id"], id: "id", longTexts: [], age: null };

export const misspelt: TableDescription<Row> = {
  ...row,
  // @ts-expect-error Nor a column that the table does not have.
  longTexts: ["boody"],
};

export const ageing: TableDescriptions<{ logs: Row }> = { logs: { ...row, age: { time: "at" } } };

export const ageless: TableDescriptions<{ logs: Row }> = {
  // @ts-expect-error What retention deletes by its age says how old rows are found.
  logs: { key: ["id"], id: "id", longTexts: ["body"], age: null, idTokens: null },
};
