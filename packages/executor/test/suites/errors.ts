/** What a promise rejects with. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<Error & { code?: unknown }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
