import type { Model } from "./model.ts";

// What every generated package exports besides what its schemas name.
const commonTypes = ["Action", "ActionName", "Actions", "Edition", "Side", "Validator", "Violation", "ViolationKind"];
const commonValues = ["edition"];

/** Types and values are named apart in TypeScript; what claims a name in either twice is refused. */
function claims(version: string): (name: string, owner: string) => void {
  const owners = new Map<string, string>();
  return (name, owner) => {
    const other = owners.get(name);
    if (other !== undefined) throw new Error(`edition ${version}: ${name} would be both ${other} and ${owner}`);
    owners.set(name, owner);
  };
}

/**
 * Stops if two exports of a package would have one name. An action and a shared type may: one is a value, the other a
 * type, see {@link sharedNames}.
 */
export function checkNames({ edition, actions, shared, enums }: Model): void {
  const type = claims(edition.version);
  const value = claims(edition.version);
  for (const name of commonTypes) type(name, "a name of every package");
  for (const name of commonValues) value(name, "a name of every package");
  value(edition.name, "the protocol");
  type(edition.name.toUpperCase(), "the type of the protocol");
  for (const { name, request, response } of actions) {
    value(name, "an action");
    type(request.name, "a request");
    if (response !== undefined) type(response.name, "a response");
  }
  for (const { name } of shared) type(name, "a shared type");
  for (const { name } of enums) {
    type(name, "an enum");
    value(name, "the values of an enum");
  }
}

/** Names that are both an action and a shared type, such as `ClearChargingProfile` in 2.x. */
export function sharedNames({ actions, shared }: Model): Set<string> {
  const names = new Set(actions.map(({ name }) => name));
  return new Set(shared.filter(({ name }) => names.has(name)).map(({ name }) => name));
}
