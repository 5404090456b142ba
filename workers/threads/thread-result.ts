/**
 * An error by its parts, because one that is thrown out of a thread loses its name, its code and its cause, by which its class is
 * known; see `faultClassOf`.
 */
interface ErrorParts extends Pick<Error, 'name' | 'message' | 'stack'> {
  readonly code?: string;
  readonly cause?: ErrorParts;
}

/** How a task of a thread ended. */
export type ThreadResult<Value> = { readonly value: Value } | { readonly error: ErrorParts };

/** A chain of causes is not longer than this, unless it is a ring. */
const DEEPEST = 8;

/** In the thread: never rejects. */
export async function settled<Value>(work: Promise<Value>): Promise<ThreadResult<Value>> {
  try {
    return { value: await work };
  } catch (thrown) {
    return { error: partsOf(thrown instanceof Error ? thrown : new Error(String(thrown))) };
  }
}

/**
 * Outside of it.
 *
 * @throws Error with the name, the code and the cause that it had in the thread
 */
export function unsettled<Value>(result: ThreadResult<Value>): Value {
  if ('error' in result) throw errorOf(result.error);
  return result.value;
}

function partsOf(error: Error, depth = 0): ErrorParts {
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return {
    name,
    message,
    ...(stack !== undefined && { stack }),
    ...(typeof code === 'string' && { code }),
    ...(cause instanceof Error && depth < DEEPEST && { cause: partsOf(cause, depth + 1) }),
  };
}

function errorOf({ cause, ...parts }: ErrorParts): Error {
  const error = cause === undefined ? new Error() : new Error('', { cause: errorOf(cause) });
  return Object.assign(error, parts);
}
