/** A JSON schema (2020-12), as far as documents of REST interfaces use the language. */
export interface ApiSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly ApiSchema[];
  readonly oneOf?: readonly ApiSchema[];
  readonly allOf?: readonly ApiSchema[];
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | ApiSchema;
  readonly items?: ApiSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly minProperties?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly examples?: readonly unknown[];
}

/** A parameter of an operation. */
export interface ApiParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: ApiSchema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: ApiSchema }>>;
}

/** An OpenAPI document, as far as it is read here. */
export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly operationId?: string;
            readonly description?: string;
            readonly parameters?: readonly ApiParameter[];
            readonly requestBody?: Content & { readonly required?: boolean };
            readonly responses: Readonly<Record<string, Content & { readonly $ref?: string }>>;
            readonly security?: readonly unknown[];
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, ApiSchema>> };
}

/** Who may use an operation. */
export type Access = "open" | "viewer" | "operator" | "admin";

/** One operation of the document. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  /** Method and path, for messages. */
  readonly name: string;
  readonly access: Access;
  readonly parameters: readonly ApiParameter[];
  /** The schema of the body; undefined where it takes none. */
  readonly body: ApiSchema | undefined;
  /** The versions of OCPP that know the action that it sends; empty where it sends none, or any. */
  readonly versions: readonly string[];
}

/** Reads the document of a REST interface, without a key. */
export async function readDocument(apiUrl: string): Promise<ApiDocument> {
  const response = await fetch(new URL("/openapi.json", apiUrl));
  if (response.status !== 200) throw new Error(`/openapi.json answered ${response.status}`);
  return (await response.json()) as ApiDocument;
}

/** The role that the description of an operation names in its last line. Throws where it names none. */
function accessOf(name: string, description = ""): Access {
  const last = description.split("\n").at(-1) ?? "";
  if (last === "Needs no key.") return "open";
  const role = /^Needs the role (viewer|operator|admin)\.$/.exec(last)?.[1];
  if (role === undefined) throw new Error(`${name} does not say who may use it`);
  return role as Access;
}

/** All operations of a document. */
export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([key, operation]): Operation => {
      const method = key.toUpperCase();
      const name = `${method} ${path}`;
      return {
        method,
        path,
        name,
        access: accessOf(name, operation.description),
        parameters: operation.parameters ?? [],
        body: Object.values(operation.requestBody?.content ?? {})[0]?.schema,
        versions: [
          ...(/^Of (OCPP .*)\.$/m.exec(operation.description ?? "")?.[1] ?? "").matchAll(/OCPP ([\d.]+)/g),
        ].map(([, version = ""]) => version),
      };
    }),
  );
}
