/* What the specifications ask of a CSMS, as data: the files of the folder `requirements`, read and typed. */
import { readFileSync } from "node:fs";

/** How binding a requirement is. */
export type Level = "shall" | "should" | "may";

/** Why something that binds a CSMS is not tested: it is not built, or it does not bind this product. */
export interface Gap {
  readonly status: "missing" | "not-applicable";
  readonly why: string;
}

/** A test case of OCPP 2.0.1 part 6 for a CSMS. */
export interface TestCase {
  readonly id: string;
  readonly block: string;
  readonly title: string;
  readonly useCases: readonly string[];
  /** The requirements of part 2 that the case names, the station's among them. */
  readonly requirements: readonly string[];
  /** The certification profile of part 5 that it belongs to. */
  readonly profile: "core" | "advanced-security";
  /** Mandatory, or conditional upon `condition`, a feature of part 5. */
  readonly status: "M" | "C";
  readonly condition?: string | undefined;
  /** Whose certificates it needs: the server's own, the station's, one to install, or one to sign firmware. */
  readonly certificates: "none" | "server" | "station" | "installed" | "firmware";
}

/** A numbered requirement of OCPP 2.0.1 part 2, without its text. */
export interface Requirement {
  readonly id: string;
  readonly useCase: string;
  /** Who must act. */
  readonly who: "csms" | "station" | "both" | "other";
  readonly level: Level;
}

/** What OCPP 1.6 or its errata ask of a central system, in our words. */
export interface Rule extends Partial<Gap> {
  readonly id: string;
  readonly profile: "core" | "remote-trigger" | "reservation";
  readonly section: string;
  readonly level: Level;
  readonly rule: string;
}

/** All of it. */
export interface Catalogue {
  readonly testCases: readonly TestCase[];
  /** The features that conditional test cases depend upon, by their number in part 5. */
  readonly conditions: ReadonlyMap<string, string>;
  readonly requirements: readonly Requirement[];
  /** The names of the use cases, by their number. */
  readonly useCases: ReadonlyMap<string, string>;
  readonly operations: readonly Rule[];
  readonly errata: readonly Rule[];
  /** Every id that a test may cite. */
  readonly ids: ReadonlySet<string>;
  /** What is written down about an id, or about its whole use case, as not tested. */
  gap(id: string): Gap | undefined;
  /** The ids that have an entry of their own among the gaps, and the use cases that have one. */
  readonly gaps: readonly string[];
}

interface Status {
  readonly useCases: readonly (Gap & { readonly useCase: string })[];
  readonly requirements: readonly (Gap & { readonly id: string })[];
  readonly testCases: readonly (Gap & { readonly id: string })[];
}

/** Reads the catalogue. Throws where a file is missing or is not JSON. */
export function readCatalogue(): Catalogue {
  const cases = readData("2.0.1-test-cases.json") as Pick<Catalogue, "testCases"> & { conditions: Names };
  const part2 = readData("2.0.1-requirements.json") as Pick<Catalogue, "requirements"> & { useCases: Names };
  const old = readData("1.6-operations.json") as Pick<Catalogue, "operations" | "errata">;
  const status = readData("2.0.1-status.json") as Status;

  const rules = [...old.operations, ...old.errata];
  const own = [...status.requirements, ...status.testCases];
  const gaps = new Map<string, Gap>(own.map((entry) => [entry.id, entry]));
  for (const { id, status, why } of rules) if (status !== undefined && why !== undefined) gaps.set(id, { status, why });
  const ofUseCase = new Map<string, Gap>(status.useCases.map((entry) => [entry.useCase, entry]));

  return {
    testCases: cases.testCases,
    conditions: new Map(Object.entries(cases.conditions)),
    requirements: part2.requirements,
    useCases: new Map(Object.entries(part2.useCases)),
    operations: old.operations,
    errata: old.errata,
    ids: new Set([...cases.testCases, ...part2.requirements, ...rules].map(({ id }) => id)),
    gap: (id) => gaps.get(id) ?? ofUseCase.get(id.replace(/\.FR\.\d+$/, "")),
    gaps: [...gaps.keys(), ...ofUseCase.keys()],
  };
}

type Names = Readonly<Record<string, string>>;

function readData(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`requirements/${file}`, import.meta.url), "utf8"));
}
