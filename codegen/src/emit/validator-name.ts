/** Name of the function that validates a type. */
export function validatorName(type: string): string {
  return `validate${type}`;
}
