import { expect, it } from "vitest";
import { checkCode } from "./check-code.ts";

const modules = [
  `export type T = string;\n\n// A bit.\nexport const bit = 1;\n\nexport function low(): number {\n  return bit;\n}\n`,
  `import { low } from "./low.ts";\n\nexport function high(): number {\n  return low();\n}\n\nexport function other(): number {\n  return 0;\n}\n`,
];

it("takes what is needed and what that needs, in order, and exports types only", () => {
  expect(checkCode(modules, "high()")).toBe(
    "export type T = string;\n\n// A bit.\nconst bit = 1;\n\nfunction low(): number {\n  return bit;\n}\n\nfunction high(): number {\n  return low();\n}\n",
  );
});

it("takes nothing but types where nothing is needed", () => {
  expect(checkCode(modules, "")).toBe("export type T = string;\n");
});
