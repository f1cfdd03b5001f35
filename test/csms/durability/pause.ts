/** Resolves after so many milliseconds of real time: what runs in another process knows no other. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
