import { describe, expect, it } from "vitest";
import { basePath, identityOf, isBelow, readRequestPath } from "./request-path.ts";

describe("readRequestPath", () => {
  it("parts path and query, also of a target in absolute form", () => {
    expect(readRequestPath("/a/CS1?b=c?d")).toEqual({ path: "/a/CS1", query: "b=c?d" });
    expect(readRequestPath("/a/CS1")).toEqual({ path: "/a/CS1", query: "" });
    expect(readRequestPath("ws://host:80/a/CS1?b")).toEqual({ path: "/a/CS1", query: "b" });
    expect(readRequestPath("")).toEqual({ path: "", query: "" });
  });
});

describe("basePath and isBelow", () => {
  it("go by whole segments", () => {
    expect(["", "/", "ocpp", "/ocpp/", "/a/b"].map(basePath)).toEqual(["", "", "/ocpp", "/ocpp", "/a/b"]);
    expect(isBelow("/ocpp/CS1", "/ocpp")).toBe(true);
    expect(isBelow("/ocppx/CS1", "/ocpp")).toBe(false);
    expect(isBelow("/ocpp", "/ocpp")).toBe(false);
    expect(isBelow("/anything", "")).toBe(true);
    expect(() => basePath("/a?b")).toThrow(TypeError);
  });
});

describe("identityOf", () => {
  it("decodes the last segment", () => {
    expect(identityOf("/ocpp/RDAM%20123")).toBe("RDAM 123");
    expect(identityOf("/ocpp/CS1/")).toBe("CS1");
    expect(identityOf("/ocpp/a%2Fb")).toBe("a/b");
    expect(identityOf("/ocpp/CS+1")).toBe("CS+1");
    expect(identityOf("/")).toBe("");
    expect(identityOf("/%E0%A4%A")).toBeUndefined();
    expect(identityOf("/%")).toBeUndefined();
  });
});
