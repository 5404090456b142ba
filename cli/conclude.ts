import type { PointCounts } from '../analysis/summary.js';
import { summaryText } from '../analysis/tables.js';
import { MARKER_PATH } from '../results/store-identity.js';
import type { Progress } from '../study/orchestration.js';
import type { RunEnding } from '../workers/engines/run-options.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import type { Findings } from './findings.js';
import { note, print, printJson } from './output.js';

/** The commands that people are pointed to when a study has ended. */
export interface NextCommands {
  /** Goes on with a study that was stopped. */
  readonly goOn: string;
  /** Solves again what has failed or is missing. */
  readonly retry: string;
}

/**
 * Tells what came of a run, and what to type next; sets the exit code.
 *
 * @param name of the study
 * @param findings null when it was never analyzed
 * @throws Failure when the study could not go on, or nothing of it is in the store
 */
export function conclude(
  name: string,
  { store, json }: { readonly store: string; readonly json: boolean },
  ending: RunEnding,
  findings: Findings | null,
  { goOn, retry }: NextCommands,
): void {
  const { state, engine, progress } = ending;
  const { points, shards, shardFailure = null } = progress;
  const gone = findings === null ? 0 : goneOf(progress, findings.summary.points);
  if (json) printJson({ name, state, engine, points, shards, shardFailure, ...findings });
  switch (ending.state) {
    case 'done':
      if (findings === null || (points.done > gone && rowsOf(findings.summary.points) === 0)) {
        throw new Failure(
          `the study ended, but the store ${store} has not what came of it: was it replaced, or copied with its ${MARKER_PATH}?`,
        );
      }
      if (!json) print(`${summaryText(findings.summary)}\nReport: ${findings.report}`);
      if (points.failed > 0) {
        note(`${points.failed} points failed; ${whereItSaysWhy(progress)}. Solve them again with: ${retry}`); // prettier-ignore
        process.exitCode = EXIT.failedPoints;
      }
      if (gone > 0) {
        note(`${gone} points that had landed are gone or damaged. Solve them again with: ${retry}`);
        process.exitCode = EXIT.failedPoints;
      }
      return;
    case 'interrupted':
    case 'cancelled':
      note(`The study is ${state}; what has landed is kept in ${store}.\n` + `Go on with: ${goOn}`);
      process.exitCode = EXIT.failed;
      return;
    case 'failed':
      throw new Failure(`the study could not go on: ${ending.message}`);
  }
}

function whereItSaysWhy({ shards }: Progress): string {
  return shards.failed === 0
    ? 'their rows say why'
    : 'where there is no row, what is above says why';
}

function rowsOf({ certified, uncertified }: PointCounts): number {
  return certified + uncertified;
}

/** Points without a row that had one: those of shards that failed have never had any. */
function goneOf({ points }: Progress, { missing, failed, diverged }: PointCounts): number {
  const neverLanded = Math.max(0, points.failed - failed - diverged);
  return Math.max(0, missing - neverLanded);
}
