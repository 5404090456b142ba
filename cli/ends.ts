/**
 * How a command ends when it does not by itself: its output is lost, something breaks that nobody expected, work hangs. Loaded first
 * and with nothing else, because loading the rest can fail as well.
 */

/** What drains gets this long after something broke. */
const DRAINED_WITHIN_MS = 15_000;
/** What a command leaves open at its end, such as a thread that did not start, gets this long. */
const CLOSED_WITHIN_MS = 3_000;

/** A pipe whose reader has gone, and a terminal that was closed. */
const READER_IS_GONE = ['EPIPE', 'EIO'];

/** Asks what is under way to stop, as Ctrl-C does; null when nothing can drain. */
let drain: (() => void) | null = null;
let broken = false;

/** To be called once, before anything else. */
export function planEnds(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    loseOutput('stdout', error);
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    loseOutput('stderr', error);
  });
  process.on('uncaughtException', (error: unknown) => {
    breakDown(process.argv.includes('--verbose') ? stackOf(error) : messageOf(error));
  });
  process.on('exit', () => {
    if (broken && (process.exitCode ?? 0) === 0) process.exitCode = 1;
  });
}

/** Names what is asked to stop when this process cannot go on as it should. */
export function drainWith(request: () => void): void {
  drain = request;
}

/** Ends the process when it does not end by itself, now that its command is done. */
export function endSoon(): void {
  setTimeout(() => {
    // To exit, Node would wait for a file system that does not answer, and hear no signal meanwhile.
    if (process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))) {
      process.kill(process.pid, 'SIGKILL');
    }
    process.exit();
  }, CLOSED_WITHIN_MS).unref();
}

function loseOutput(name: 'stdout' | 'stderr', error: NodeJS.ErrnoException): void {
  if (!READER_IS_GONE.includes(error.code ?? '')) {
    breakDown(`${name} cannot be written: ${error.message}`);
  } else if (drain === null) {
    // A reader that closes the pipe early (`| head`) has what it wanted.
    process.exit(process.exitCode ?? 0);
  } else drain();
}

/** What has landed stays: what is under way is given back as after Ctrl-C, if it can be. */
function breakDown(message: string): void {
  if (broken) process.exit(1);
  broken = true;
  process.stderr.write(`ufm-sweep: ${message}\n`);
  if (drain === null) process.exit(1);
  drain();
  setTimeout(() => process.exit(1), DRAINED_WITHIN_MS).unref();
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code === 'EMFILE'
    ? `too many files are open (${error.message}): raise the limit, such as with: ulimit -n 1024`
    : error.message;
}

function stackOf(error: unknown): string {
  return (error as Error).stack ?? String(error);
}
