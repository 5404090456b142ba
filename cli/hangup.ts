import { readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

const SIGHUP_BIT = 1n;
/** Of `flags` in /proc/self/fdinfo, octal: how a file was opened, and the value for writing only. */
const ACCESS_MODE = 0o3;
const WRITE_ONLY = 0o1;

/**
 * Whether this process was told to outlive its terminal (`nohup`). Node forgets that signals were ignored when it starts, so
 * this goes by what `nohup` leaves behind besides: its name in the `_` of bash and zsh, a standard input that cannot be
 * read, a standard output in `nohup.out`.
 */
export function hangupIsIgnored(): boolean {
  if (path.basename(process.env['_'] ?? '') === 'nohup') return true;
  return [ignoredBySystem, inputIsUnreadable, outputIsOfNohup].some((sign) => {
    try {
      return sign();
    } catch {
      // Not on this system.
      return false;
    }
  });
}

function ignoredBySystem(): boolean {
  const [, mask] = /^SigIgn:\s*([\da-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))!;
  return (BigInt(`0x${mask!}`) & SIGHUP_BIT) !== 0n;
}

function inputIsUnreadable(): boolean {
  const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8'))!;
  const isNothing = readlinkSync('/proc/self/fd/0') === '/dev/null';
  return isNothing && (Number.parseInt(flags!, 8) & ACCESS_MODE) === WRITE_ONLY;
}

function outputIsOfNohup(): boolean {
  return path.basename(readlinkSync('/proc/self/fd/1')) === 'nohup.out';
}
