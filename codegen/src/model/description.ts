/** Entities and notations of the schemas' AsciiDoc, and what they become in a doc comment. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/\r\n?/g, "\n"],
  [/^.*\nurn:[^\n]*\n?/, ""], // the model path of UML and its id: "ID_ Token. Status\nurn:x-oca:ocpp:uid:1:569372"
  [/^urn:[^\n]*$/gm, ""],
  [/^image::[^\n]*$/gm, ""],
  [/&lt;&lt;[^,&]*,\s*((?:(?!&gt;&gt;).)*)&gt;&gt;/g, "$1"], // <<anchor,text>>
  [/<<[^,>]*,\s*([^>]*)>>/g, "$1"],
  [/&lt;&lt;((?:(?!&gt;&gt;).)*)&gt;&gt;/g, "$1"],
  [/&lt;/g, "<"],
  [/&gt;/g, ">"],
  [/&quot;/g, '"'],
  [/&#39;/g, "'"],
  [/&amp;/g, "&"],
  [/^\*\((2[./]1)\)\*\s*/gm, "(2.1) "], // *(2.1)* marks what came with 2.1
  [/(^|[\s(])\*([^\s*][^*\n]*)\*/g, "$1$2"], // *bold*
  [/(^|[\s("])_([A-Za-z][\w.]*?)_(?=$|[\s.,;:)"'’=])/gm, "$1`$2`"], // _fieldName_
  [/\\\|/g, "|"],
  [/[“”]/g, '"'],
  [/[‘’]/g, "'"],
  [/\*\//g, "* /"],
  [/[ \t]*\+[ \t]*$/gm, ""], // a forced line break
  [/[ \t]+/g, " "],
  [/^ | $/gm, ""],
];

/**
 * Turns a description of the schemas into paragraphs of plain text. What held nothing but the model's path and id comes
 * out empty.
 */
export function paragraphs(description: string): string[] {
  const text = replacements.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    description,
  );
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");
}
