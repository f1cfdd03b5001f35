import { describe, expect, it } from "vitest";
import { merge } from "../merge/merge.ts";
import { readSource } from "../read/source.ts";
import { versions } from "../schemas/version.ts";
import { repository } from "../testing/repository.ts";
import { editions } from "./index.ts";

it("there is one edition a version, and no two write the same package", () => {
  expect(editions.map(({ version }) => version)).toEqual([...versions]);
  expect(new Set(editions.map(({ name }) => name)).size).toBe(editions.length);
});

describe.each(editions)("the edition $version", (edition) => {
  const { messages, types } = merge(readSource(repository, edition));
  const fields = [...types].flatMap(([name, node]) => Object.keys(node.properties ?? {}).map((field) => [name, field]));

  it("has no sentence for a type or field that does not exist", () => {
    const places = new Set(fields.flatMap(([name, field]) => [`${name}.${field}`, field]));
    expect(Object.keys(edition.sentences).filter((name) => !types.has(name))).toEqual([]);
    expect(Object.keys(edition.fieldSentences).filter((place) => !places.has(place))).toEqual([]);
  });

  it("names only bodies that exist", () => {
    const places = new Set(fields.flatMap(([name, field]) => [`${name}.${field}`, field]));
    const names = Object.entries(edition.inlineNames);
    expect(names.filter(([place, name]) => !places.has(place) || !types.has(name))).toEqual([]);
  });

  it("describes every message, type and field that its schemas leave without a word", () => {
    // The schemas of 2.x describe themselves; those of 1.6 carry no description at all.
    if (edition.version !== "1.6") {
      expect(edition.sentences).toEqual({});
      return;
    }
    expect(messages).toHaveLength(78);
    expect([...types.keys()].filter((name) => edition.sentences[name] === undefined)).toEqual([]);
    const sentences = edition.fieldSentences;
    const left = fields.filter(
      ([name, field = ""]) => (sentences[`${name}.${field}`] ?? sentences[field]) === undefined,
    );
    expect(left).toEqual([]);
  });
});
