import { drainWith } from './ends.js';
import { hangupIsIgnored } from './hangup.js';

/** Ctrl-C under `npm run` arrives twice: from the terminal, and from npm, which passes it on. */
const SAME_REQUEST_MS = 1000;

/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP, so that work can drain; one that comes later ends the process at once. A SIGHUP
 * is passed over where the process is to outlive its terminal.
 *
 * @param onRequest told once, to say what happens now
 */
export function stopRequest(onRequest: () => void): AbortSignal {
  const controller = new AbortController();
  let requestedAt = Infinity;
  const request = (): void => {
    if (controller.signal.aborted) return;
    requestedAt = Date.now();
    onRequest();
    controller.abort();
  };
  const handle = (signal: NodeJS.Signals): void => {
    if (Date.now() - requestedAt > SAME_REQUEST_MS) endBy(signal);
    else request();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  process.on('SIGHUP', hangupIsIgnored() ? () => undefined : handle);
  drainWith(request);
  return controller.signal;
}

/** As if nobody had handled the signal. Node's own exit would wait for threads, and abort where one is in native code. */
function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
