import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContenderProcess } from '../../../benchmarks/solvers/contender-process.js';
import { PEERS } from '../../../benchmarks/solvers/contenders.js';
import { writeWorkload } from '../../../benchmarks/solvers/exchange.js';
import { relativeGap } from '../../../benchmarks/solvers/judge.js';
import type { PeerRun } from '../../../benchmarks/solvers/requests.js';
import { readWorkload } from '../../../benchmarks/solvers/workloads.js';

const python = path.resolve('.tools/solver-peers/bin/python');
const isHere = existsSync(python);
const COUNT = 2;
/** Python imports gigabytes, and JAX compiles. */
const TIMEOUT = 300_000;

describe.skipIf(!isHere)(
  `the peers${isHere ? '' : ' (skipped: no .tools/solver-peers; run node infra/python.mjs solver-peers)'}`,
  () => {
    const instances = readWorkload('paper');
    let folder: string;
    let workload: string;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'ufm-peers-'));
      workload = writeWorkload(instances.slice(0, COUNT), folder);
    });
    afterAll(() => rm(folder, { recursive: true }));

    it.each(PEERS.map(({ name }) => name))(
      '%s solves what our judge certifies',
      async (name) => {
        const peer = new ContenderProcess([python, 'benchmarks/solvers/peers/serve.py']);
        try {
          await peer.request({ do: 'prepare', contender: name, workload, count: COUNT });
          const { points } = await peer.request<PeerRun>({ do: 'run', contender: name });
          expect(points).toHaveLength(COUNT);
          points.forEach((point, i) => {
            expect(relativeGap(instances[i]!, point)).toBeLessThanOrEqual(1e-6);
          });
        } finally {
          peer.close();
        }
      },
      TIMEOUT,
    );
  },
);

describe('the process of a contender', () => {
  it('that ends says why', async () => {
    const script = 'console.error("no such library"); process.exit(1)';
    const child = new ContenderProcess([process.execPath, '--eval', script]);
    await expect(child.request({ do: 'versions' })).rejects.toThrow(
      'its process ended: no such library',
    );
  });
});
