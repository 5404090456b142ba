import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Progress, StudyReference } from '../../study/orchestration.js';
import { isRunning, OWN_IDENTITY, pidOf } from '../server/processes.js';
import { makeOwnFolder, serverFolder } from '../server/state-folder.js';

/** What others on this machine can know of a run of the local engine. */
export interface LocalProgress {
  readonly pid: number;
  readonly progress: Progress;
}

const COUNT = z.int().min(0);

const RECORD = z.object({
  /** See `processes.ts`. */
  process: z.string().regex(/^\d{1,10}( |$)/),
  progress: z.object({
    stage: z.enum(['planning', 'solving', 'analyzing', 'done']),
    round: COUNT,
    paused: z.boolean(),
    points: z.object({ total: COUNT, done: COUNT, failed: COUNT, cached: COUNT }),
    shards: z.object({ total: COUNT, done: COUNT, failed: COUNT, inFlight: COUNT }),
    shardFailure: z.string().nullable().exactOptional(),
    halted: z.string().nullable().exactOptional(),
  }) satisfies z.ZodType<Progress>,
});

type WrittenRecord = Readonly<z.infer<typeof RECORD>>;

/**
 * Writes down how far a run of the local engine is, where a server would answer for the workflow. The record names
 * its process, so that of a run that was killed counts for nothing.
 */
export class LocalRecord {
  readonly #reference: StudyReference;
  #writing: Promise<void> = Promise.resolve();
  #latest: Progress | null = null;

  constructor(reference: StudyReference) {
    this.#reference = reference;
  }

  /** Whether the writing fails is no matter of the run's. */
  tell(progress: Progress): void {
    const idle = this.#latest === null;
    this.#latest = progress;
    if (idle) this.#writing = this.#writing.then(() => this.#write()).catch(() => undefined);
  }

  async remove(): Promise<void> {
    await this.#writing;
    const file = await recordFile(this.#reference).catch(() => null);
    if (file !== null) await rm(file, { force: true });
  }

  /** Only the newest is worth writing: what comes while a write is under way replaces what waits. */
  async #write(): Promise<void> {
    const record: WrittenRecord = { process: OWN_IDENTITY, progress: this.#latest! };
    this.#latest = null;
    const file = await recordFile(this.#reference);
    await makeOwnFolder(path.dirname(file));
    const temporary = `${file}.${process.pid}`;
    await writeFile(temporary, JSON.stringify(record), { mode: 0o600 });
    await rename(temporary, file);
  }
}

/** The run of the local engine that is under way on this machine; null when there is none. */
export async function readLocalRecord(reference: StudyReference): Promise<LocalProgress | null> {
  try {
    const text = await readFile(await recordFile(reference), 'utf8');
    const record = parseLocalRecord(text);
    return record !== null && isRunning(record.process)
      ? { pid: pidOf(record.process), progress: record.progress }
      : null;
  } catch {
    return null;
  }
}

/** The record that a text says; null when it says none. */
export function parseLocalRecord(text: string): WrittenRecord | null {
  try {
    return RECORD.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function recordFile({ store, specHash }: StudyReference): Promise<string> {
  return path.join(await serverFolder(store), 'local', `${specHash}.json`);
}
