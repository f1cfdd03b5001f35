import { expect, it } from "vitest";
import { closed, schemaError } from "./validation.ts";

it("closes objects that name their fields, wherever they stand, and leaves others open", () => {
  const inner = { type: "object", properties: { a: { type: "integer" } } };
  const shut = {
    type: "object",
    properties: { a: { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER } },
    additionalProperties: false,
  };
  expect(closed(inner)).toEqual(shut);
  expect(closed({ type: "array", items: inner })).toEqual({ type: "array", items: shut });
  expect(closed({ anyOf: [inner, { type: "null" }] })).toEqual({ anyOf: [shut, { type: "null" }] });
  expect(closed({ type: "object" })).toEqual({ type: "object" });
  expect(closed({ ...inner, additionalProperties: true })).toMatchObject({ additionalProperties: true });
  expect(closed({ type: "object", properties: { properties: inner } })).toMatchObject({
    properties: { properties: shut },
  });
  expect(closed({ type: "integer", minimum: 1 })).toMatchObject({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
});

it("names the field and never the value", () => {
  const error = schemaError("body", [
    { instancePath: "/inner/0", keyword: "required", params: { missingProperty: "name" } },
    { instancePath: "/status", keyword: "enum", message: "must be equal", params: { allowedValues: ["A", "B"] } },
  ]);
  expect(error.status).toBe(400);
  expect(error.message).toBe("The body field inner/0/name is required.");
  expect(error.options.errors).toEqual([
    { in: "body", field: "inner/0/name", message: "is required" },
    { in: "body", field: "status", message: "must be one of A, B" },
  ]);
});
