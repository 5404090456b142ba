import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { StudyReference } from '../../study/orchestration.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { nobodySolves, ownShardQueue } from '../../workers/shard-queue.js';
import { controlQueue, SOLVE_QUEUE, shardQueue, versionOfQueue } from '../../workflows/names.js';
import { projectFile } from '../cli/command.js';

const REFERENCE = {
  store: '/data',
  storeId: '0123456789abcdef'.repeat(2),
  study: 's',
  specHash: 'h',
};

describe('the task queue of shards', () => {
  it('carries the numerical version of this program, which can be read from it', () => {
    expect(ownShardQueue('ufm-solve', {})).toBe(`ufm-solve-v${NUMERICAL_VERSION}`);
    expect(versionOfQueue(shardQueue(SOLVE_QUEUE, 12, REFERENCE))).toBe(12);
    expect(versionOfQueue(SOLVE_QUEUE)).toBeNull();
  });

  it('carries the identity of the store, as far as the study has one', () => {
    expect(shardQueue('gpu', 12, REFERENCE)).toBe('gpu-0123456789ab-v12');
    expect(controlQueue(REFERENCE)).toBe('ufm-control-0123456789ab');
    const { store, study, specHash }: StudyReference = REFERENCE;
    const earlier: StudyReference = { store, study, specHash };
    expect([shardQueue('gpu', 12, earlier), controlQueue(earlier)]).toEqual(['gpu-v12', 'ufm-control']); // prettier-ignore
  });

  it('is the one by whose backlog the chart scales its solvers', () => {
    const text = readFileSync(projectFile('infra/kubernetes/ufm-sweep/values.yaml'), 'utf8');
    const { numericalVersion } = parse(text) as { numericalVersion: number };
    expect(numericalVersion).toBe(NUMERICAL_VERSION);
  });

  it('names the workers that it waits for, and what else helps where this program is of another version', () => {
    expect(nobodySolves(ownShardQueue('gpu', REFERENCE), REFERENCE)).toMatch(
      /start some \(ufm-sweep worker --store \/data\)\.$/,
    );
    expect(nobodySolves(shardQueue('gpu', NUMERICAL_VERSION + 1, REFERENCE), REFERENCE)).toBe(
      `Shards wait, and no worker has asked for any lately: they are for workers of numerical version ` +
        `${NUMERICAL_VERSION + 1} on the task queue ` +
        `gpu-0123456789ab-v${NUMERICAL_VERSION + 1}; this one is ${NUMERICAL_VERSION}. ` +
        'Start workers of that version, or cancel the study and run it again.',
    );
  });
});
