import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { provideTemporalBinary } from '../../infra/temporal-binary.js';
import { openStore } from '../../results/open-store.js';
import { claimStore } from '../../results/store-identity.js';
import { saveStudy } from '../../results/studies.js';
import { referenceTo } from '../../results/study-reference.js';
import { specHash } from '../../study/key.js';
import type { StudyReference } from '../../study/orchestration.js';
import { formatProblems, parseStudy } from '../../study/parse.js';
import { connectClient } from '../../workers/server/connection.js';
import { openServer, type ServerAccess } from '../../workers/server/server-access.js';
import { startEmbeddedServer, type EmbeddedServer } from '../../workers/server/embedded-server.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { workflowId } from '../../workflows/names.js';
import { countHistories } from './histories.js';

/** A study in a new store, with a server of its own that outlives the run, so that its histories can be counted. */
export interface Bench {
  readonly folder: string;
  readonly reference: Required<StudyReference>;
  readonly server: EmbeddedServer;
  readonly access: ServerAccess;
  readonly client: StudyClient;
}

/** Does something with a bench, and leaves nothing behind. */
export async function withBench<T>(text: string, work: (bench: Bench) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-scale-'));
  const parsed = parseStudy(text, 'study.yaml');
  if (!parsed.ok) throw new Error(formatProblems('study.yaml', parsed.problems));
  const store = openStore(folder);
  await claimStore(store);
  const version = await saveStudy(store, parsed.study, specHash(parsed.study), text);
  const binary = await provideTemporalBinary(console.error, false);
  if (binary === null) throw new Error('There is no Temporal server; see: ufm-sweep doctor');
  const server = await startEmbeddedServer({
    folder: path.join(folder, 'server'),
    binary,
    extraArguments: [],
  });
  try {
    const access = openServer(server.address);
    const client = await StudyClient.connect(access);
    try {
      const reference = await referenceTo(store, version);
      return await work({ folder, reference, server, access, client });
    } finally {
      await client.close();
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Events in the histories of all runs of a study, and of its segments. */
export async function countEvents({ access, reference }: Bench): Promise<number> {
  const client = await connectClient(access);
  try {
    return (await countHistories(client, workflowId(reference))).events;
  } finally {
    await client.connection.close();
  }
}
