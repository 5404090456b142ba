/**
 * Aborts at the first SIGINT or SIGTERM, so that work can drain; a second one ends the process at once.
 *
 * @param onRequest told once, to say what happens now
 */
export function stopRequest(onRequest: () => void): AbortSignal {
  const controller = new AbortController();
  const handle = (): void => {
    if (controller.signal.aborted) process.exit(130);
    onRequest();
    controller.abort();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return controller.signal;
}
