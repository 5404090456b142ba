import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { NUMERICAL_VERSION } from '../../ufm/solve.js';
import { nobodySolves, ownShardQueue } from '../../workers/shard-queue.js';
import { SOLVE_QUEUE, shardQueue, versionOfQueue } from '../../workflows/names.js';
import { projectFile } from '../cli/command.js';

describe('the task queue of shards', () => {
  it('carries the numerical version of this program, which can be read from it', () => {
    expect(ownShardQueue('ufm-solve')).toBe(`ufm-solve-v${NUMERICAL_VERSION}`);
    expect(versionOfQueue(shardQueue(SOLVE_QUEUE, 12))).toBe(12);
    expect(versionOfQueue(SOLVE_QUEUE)).toBeNull();
  });

  it('is the one by whose backlog the chart scales its solvers', () => {
    const text = readFileSync(projectFile('infra/kubernetes/ufm-sweep/values.yaml'), 'utf8');
    const { numericalVersion } = parse(text) as { numericalVersion: number };
    expect(numericalVersion).toBe(NUMERICAL_VERSION);
  });

  it('names the workers that it waits for, and what else helps where this program is of another version', () => {
    expect(nobodySolves(ownShardQueue('gpu'))).toMatch(/start some \(ufm-sweep worker\)\.$/);
    expect(nobodySolves(shardQueue('gpu', NUMERICAL_VERSION + 1))).toBe(
      `Shards wait, and no worker has asked for any lately: they are for workers of numerical version ` +
        `${NUMERICAL_VERSION + 1} on the task queue ` +
        `gpu-v${NUMERICAL_VERSION + 1}; this one is ${NUMERICAL_VERSION}. ` +
        'Start workers of that version, or cancel the study and run it again.',
    );
  });
});
