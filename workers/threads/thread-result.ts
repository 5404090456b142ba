/**
 * How a task of a thread ended. An error goes by its parts, because one that is thrown out of a thread loses its name, by
 * which the retry policies tell what trying again does not mend.
 */
export type ThreadResult<Value> =
  { readonly value: Value } | { readonly error: Pick<Error, 'name' | 'message' | 'stack'> };

/** In the thread: never rejects. */
export async function settled<Value>(work: Promise<Value>): Promise<ThreadResult<Value>> {
  try {
    return { value: await work };
  } catch (thrown) {
    const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { error: { name, message, ...(stack !== undefined && { stack }) } };
  }
}

/**
 * Outside of it.
 *
 * @throws Error with the name that it had in the thread
 */
export function unsettled<Value>(result: ThreadResult<Value>): Value {
  if ('error' in result) throw Object.assign(new Error(), result.error);
  return result.value;
}
