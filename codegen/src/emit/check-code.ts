import { Node, Project, type Statement, SyntaxKind } from "ts-morph";

const isPublic = (statement: Statement): boolean =>
  Node.isInterfaceDeclaration(statement) || Node.isTypeAliasDeclaration(statement);

function declaredNames(statement: Statement): string[] {
  if (Node.isVariableStatement(statement))
    return statement.getDeclarations().map((declaration) => declaration.getName());
  return Node.isFunctionDeclaration(statement) || isPublic(statement)
    ? [statement.getFirstDescendantByKindOrThrow(SyntaxKind.Identifier).getText()]
    : [];
}

/**
 * Takes from the modules of `checks/` the declarations that some code needs, and those that they need in turn, in the
 * order in which they stand there. Only types stay exported.
 */
export function checkCode(modules: readonly string[], code: string): string {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const statements = modules.flatMap((text, index) =>
    project
      .createSourceFile(`${index}.ts`, text)
      .getStatements()
      .filter((statement) => !Node.isImportDeclaration(statement)),
  );
  const needed = new Set<Statement>(statements.filter(isPublic));
  const wanted = new Set(code.match(/\w+/g));
  const pending = [...needed];
  const need = (names: ReadonlySet<string>): void => {
    for (const statement of statements) {
      if (needed.has(statement) || !declaredNames(statement).some((name) => names.has(name))) continue;
      needed.add(statement);
      pending.push(statement);
    }
  };
  need(wanted);
  for (let next = pending.pop(); next !== undefined; next = pending.pop())
    need(new Set(next.getDescendantsOfKind(SyntaxKind.Identifier).map((identifier) => identifier.getText())));
  return statements
    .filter((statement) => needed.has(statement))
    .map((statement, index) => {
      const text = statement.getFullText().replace(/^\n+/, "").trimEnd();
      const gap =
        index > 0 && /\n\n/.test(statement.getFullText().slice(0, statement.getLeadingTriviaWidth())) ? "\n" : "";
      return `${gap}${isPublic(statement) ? text : text.replace(/^export /m, "")}\n`;
    })
    .join("");
}
