/** Ctrl-C under `npm run` arrives twice: from the terminal, and from npm, which passes it on. */
const SAME_REQUEST_MS = 1000;

/**
 * Aborts at the first SIGINT or SIGTERM, so that work can drain; one that comes later ends the process at once.
 *
 * @param onRequest told once, to say what happens now
 */
export function stopRequest(onRequest: () => void): AbortSignal {
  const controller = new AbortController();
  let requestedAt = Infinity;
  const handle = (): void => {
    if (Date.now() - requestedAt > SAME_REQUEST_MS) process.exit(130);
    if (controller.signal.aborted) return;
    requestedAt = Date.now();
    onRequest();
    controller.abort();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return controller.signal;
}
