/** What a record itself holds under a name; what every object inherits, such as `constructor`, does not count. */
export function ownProperty<T>(record: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
