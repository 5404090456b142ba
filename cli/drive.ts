import { availableParallelism } from 'node:os';
import { Option, type Command } from 'commander';
import { openStore } from '../results/open-store.js';
import { SHARDS_PER_THREAD } from '../study/conductor-state.js';
import type { Progress, StudyReference } from '../study/orchestration.js';
import type { DeviceChoice } from '../ufm/tensor/backend.js';
import { serverFolder } from '../workers/server/state-folder.js';
import { note as noteInTrace } from '../activities/span.js';
import { withTracing } from '../workers/tracing/tracing.js';
import { SOLVE_QUEUE } from '../workflows/names.js';
import type { RunOptions } from '../workers/engines/run-options.js';
import { runStudy } from '../workers/engines/run-study.js';
import { conclude, type NextCommands } from './conclude.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { readFindings } from './findings.js';
import {
  addressOption,
  deviceOption,
  engineOption,
  jsonOption,
  naturalNumber,
  positiveInteger,
  storeOption,
} from './options.js';
import { note } from './output.js';
import { progressDisplay } from './progress-bar.js';
import { stopRequest } from './stop-request.js';
import { thisWorker } from './this-worker.js';

/** Shards in flight of a study that others solve, who may be many. */
const WINDOW_OF_OTHERS = 256;

/** The options of the commands that solve: `run` and `retry`. */
export interface DriveOptions {
  readonly store: string;
  readonly engine: RunOptions['engine'];
  readonly address?: string;
  readonly device: DeviceChoice;
  readonly threads: number;
  readonly window?: number;
  readonly queue?: string;
  readonly others: RunOptions['others'];
  readonly ui: boolean;
  readonly json: boolean;
}

/** Adds them to a command. */
export function withDriveOptions(command: Command): Command {
  return command
    .addOption(storeOption())
    .addOption(engineOption())
    .addOption(addressOption())
    .addOption(deviceOption())
    .option(
      '--threads <count>',
      'solver threads; 0 leaves all work to other workers of the server',
      naturalNumber,
      availableParallelism(),
    )
    .option(
      '--window <count>',
      `shards in flight at most (default: ${SHARDS_PER_THREAD} a thread, ${WINDOW_OF_OTHERS} without threads)`,
      positiveInteger,
    )
    .option(
      '--queue <name>',
      `task queue of the shards, to reach workers that serve it (default: ${SOLVE_QUEUE})`,
    )
    .addOption(
      new Option(
        '--others <what>',
        'other studies of the store that earlier runs have left open: pause them, or run them as well',
      )
        .choices(['pause', 'run'])
        .default('pause'),
    )
    .option('--ui', "serve Temporal's web interface too, if the server is an embedded one", false)
    .addOption(jsonOption());
}

/**
 * Solves what is missing of a study, then analyzes it and tells what came of it.
 *
 * @param again whether points that have failed are solved again
 * @param next what to type next
 */
export async function drive(
  reference: Required<StudyReference>,
  options: DriveOptions,
  again: boolean,
  next: NextCommands,
): Promise<void> {
  const name = `ufm-sweep ${again ? 'retry' : 'run'}`;
  const attributes = { 'ufm.study': reference.study, 'ufm.spec_hash': reference.specHash };
  await withTracing({ worker: thisWorker(), onNotice: note }, { name, attributes }, () =>
    driveTraced(reference, options, again, next),
  );
}

async function driveTraced(
  reference: Required<StudyReference>,
  options: DriveOptions,
  again: boolean,
  next: NextCommands,
): Promise<void> {
  const { threads } = options;
  const display = progressDisplay();
  const tellFailure = failureTeller();
  const signal = stopRequest(() => {
    display.stop();
    note('Stopping: what is being solved finishes or is given back. Ctrl-C again ends at once.');
  });
  const ending = await runStudy({
    reference,
    engine: options.engine,
    address: options.address ?? null,
    serverFolder: await serverFolder(reference.store),
    webInterface: options.ui,
    device: options.device,
    threads,
    queue: options.queue ?? SOLVE_QUEUE,
    insistsOn: (['window', 'queue'] as const).filter((name) => options[name] !== undefined),
    others: options.others,
    window: options.window ?? (threads === 0 ? WINDOW_OF_OTHERS : SHARDS_PER_THREAD * threads),
    again,
    worker: thisWorker(),
    signal,
    onProgress: (progress) => {
      display.show(progress);
      tellFailure(progress);
    },
    onNotice: note,
  })
    .catch((error: unknown) => {
      const { name, message } = error as Error;
      throw name === 'StudyIsOpen' ? new Failure(message, EXIT.badUsage) : error;
    })
    .finally(() => {
      display.stop();
    });
  const { points } = ending.progress;
  noteInTrace({
    'ufm.engine': ending.engine,
    'ufm.state': ending.state,
    'ufm.points': points.total,
    'ufm.points_failed': points.failed,
    'ufm.points_cached': points.cached,
  });
  const findings = await readFindings(openStore(reference.store), reference);
  conclude(reference.study, options, ending, findings, next);
}

/** Tells people why a shard has failed for good, once a reason. */
function failureTeller(): (progress: Progress) => void {
  let told: string | null = null;
  return ({ shardFailure = null }) => {
    if (shardFailure !== null && shardFailure !== told) note(`A shard failed: ${shardFailure}`);
    told = shardFailure;
  };
}
