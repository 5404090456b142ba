import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { summaryText } from '../analysis/tables.js';
import { openStore } from '../results/open-store.js';
import { saveStudy } from '../results/studies.js';
import { specHash } from '../study/key.js';
import type { DeviceChoice } from '../ufm/tensor/backend.js';
import { serverFolder } from '../workers/find-server.js';
import { setTemporalLogLevel } from '../workers/running-worker.js';
import { SOLVE_QUEUE } from '../workflows/names.js';
import { runStudy, type RunEnding, type RunOptions } from '../workers/run-study.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { readFindings, type Findings } from './findings.js';
import {
  addressOption,
  deviceOption,
  engineOption,
  jsonOption,
  positiveInteger,
  storeOption,
} from './options.js';
import { note, print, printJson } from './output.js';
import { progressDisplay } from './progress-bar.js';
import { stopRequest } from './stop-request.js';
import { readStudyFile } from './study-file.js';
import { storeAddress } from './study-name.js';
import { thisWorker } from './this-worker.js';

/** Twice as many shards in flight as threads keep every thread busy while parts are written. */
const SHARDS_PER_THREAD = 2;

interface RunCommandOptions {
  readonly store: string;
  readonly engine: RunOptions['engine'];
  readonly address?: string;
  readonly device: DeviceChoice;
  readonly threads: number;
  readonly queue: string;
  readonly retryFailed: boolean;
  readonly json: boolean;
}

/** `ufm-sweep run STUDY`: start or resume, then analysis and report. */
export function runCommand(): Command {
  return new Command('run')
    .description('run a study, or go on with it: solve what is missing, then analyze')
    .argument('<study>', 'study file')
    .addOption(storeOption())
    .addOption(engineOption())
    .addOption(addressOption())
    .addOption(deviceOption())
    .option('--threads <count>', 'solver threads', positiveInteger, availableParallelism())
    .option(
      '--queue <name>',
      'task queue of the shards, to reach workers that serve it',
      SOLVE_QUEUE,
    )
    .option('--retry-failed', 'solve points again that have failed or diverged', false)
    .addOption(jsonOption())
    .action(async (path: string, options: RunCommandOptions) => {
      const { study, text } = await readStudyFile(path);
      const url = storeAddress(options.store);
      const store = openStore(url);
      const reference = { store: url, ...(await saveStudy(store, study, specHash(study), text)) };

      const display = progressDisplay();
      const signal = stopRequest(() => {
        display.stop();
        note(
          'Stopping: what is being solved finishes or is given back. Ctrl-C again ends at once.',
        );
      });
      setTemporalLogLevel('ERROR');
      const ending = await runStudy({
        reference,
        engine: options.engine,
        address: options.address ?? null,
        serverFolder: serverFolder(url),
        device: options.device,
        threads: options.threads,
        queue: options.queue,
        window: SHARDS_PER_THREAD * options.threads,
        again: options.retryFailed,
        worker: thisWorker(),
        signal,
        onProgress: (progress) => {
          display.show(progress);
        },
        onNotice: note,
      }).finally(() => {
        display.stop();
      });
      conclude(study.name, path, options, ending, await readFindings(store, reference));
    });
}

function conclude(
  name: string,
  path: string,
  { store, json }: RunCommandOptions,
  ending: RunEnding,
  findings: Findings | null,
): void {
  const { state, engine, progress } = ending;
  if (json)
    printJson({
      name,
      state,
      engine,
      points: progress.points,
      shards: progress.shards,
      ...findings,
    });
  switch (state) {
    case 'done':
      if (!json && findings !== null)
        print(`${summaryText(findings.summary)}\nReport: ${findings.report}`);
      if (progress.points.failed > 0) {
        note(
          `${progress.points.failed} points failed; their rows say why. Solve them again with --retry-failed.`,
        );
        process.exitCode = EXIT.failedPoints;
      }
      return;
    case 'interrupted':
    case 'cancelled':
      note(
        `The study is ${state}; what has landed is kept in ${store}.\n` +
          `Go on with: ufm-sweep run ${path}`,
      );
      process.exitCode = EXIT.failed;
      return;
    case 'failed':
      throw new Failure(`the study could not go on: ${ending.message ?? 'no reason was given'}`);
  }
}
