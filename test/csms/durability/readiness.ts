/** What `/ready` answers; undefined where no answer comes within so many milliseconds. */
export async function readiness(apiUrl: string, within = 5_000): Promise<number | undefined> {
  try {
    const response = await fetch(new URL("/ready", apiUrl), { signal: AbortSignal.timeout(within) });
    await response.text();
    return response.status;
  } catch (error) {
    if ((error as Error).name === "TimeoutError") return undefined;
    throw error;
  }
}
