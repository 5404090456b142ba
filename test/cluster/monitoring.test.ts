import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { openServer } from '../../workers/server/server-access.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import { newStore, saveText, SMALL_STUDY } from '../activities/small-study.js';
import { projectFile, temporaryFolder } from '../cli/command.js';
import { POLLING, startWorker } from '../cli/running-worker.js';
import { ownServer } from '../own-server.js';
import { HAS_PROMTOOL, run } from './manifest-tools.js';
import { exported, usesOf } from './promql.js';

const file = (name: string): string => projectFile(path.join('infra/monitoring', name));

interface Rules {
  readonly groups: readonly { readonly rules: readonly { alert: string; expr: string }[] }[];
}

interface Dashboard {
  readonly panels: readonly { title: string; targets: readonly { expr: string }[] }[];
  readonly templating: { readonly list: readonly { name: string; definition: string }[] };
}

const readAlerts = async () =>
  (parse(await readFile(file('alerts.yaml'), 'utf8')) as Rules).groups.flatMap(
    ({ rules }) => rules,
  );

const readDashboard = async () =>
  JSON.parse(await readFile(file('dashboard.json'), 'utf8')) as Dashboard;

/** Every expression of the alerts and the dashboard, by where it stands. */
async function expressions(): Promise<(readonly [string, string])[]> {
  const { panels, templating } = await readDashboard();
  return [
    ...(await readAlerts()).map(({ alert, expr }) => [alert, expr] as const),
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
    ...templating.list.map(({ name, definition }) => [name, definition] as const),
  ];
}

/** What a worker exports that has run a study. */
async function scrapeWorker(): Promise<string> {
  const server = await ownServer(await temporaryFolder());
  const reference = await saveText(await newStore(), SMALL_STUDY);
  const { ask, scrape } = await startWorker(server.address, reference.store);
  await expect.poll(() => ask('/readyz'), POLLING).toBe('200 ready\n');
  const client = await StudyClient.connect(openServer(server.address));
  onTestFinished(() => client.close());
  await client.start(reference, { window: 2, again: false, queue: SOLVE_QUEUE });
  await client.result(reference);
  return scrape();
}

describe('what watches the workers', () => {
  it.skipIf(!HAS_PROMTOOL)(
    'is valid by promtool, and its alerts do as their tests say',
    async () => {
      for (const words of [
        ['check', 'config', '--lint-fatal', file('prometheus.yaml')],
        ['check', 'rules', '--lint-fatal', file('alerts.yaml')],
        ['test', 'rules', file('alerts.test.yaml')],
      ]) {
        const { exitCode, stdout, stderr } = await run('promtool', words);
        expect({ exitCode, said: stdout + stderr }).toMatchObject({ exitCode: 0 });
      }
    },
  );

  it('has a test of each alert', async () => {
    const tests = await readFile(file('alerts.test.yaml'), 'utf8');
    const raised = [...tests.matchAll(/alertname: (\w+)\n\s+eval_time: .*\n\s+exp_alerts:\n/g)];
    const alerts = (await readAlerts()).map(({ alert }) => alert);
    expect(new Set(raised.map(([, name]) => name))).toEqual(new Set(alerts));
  });

  it.skipIf(!HAS_PROMTOOL)('draws what promtool can parse', async () => {
    const { panels } = await readDashboard();
    const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const rules = queries.map((expr, index) => ({
      record: `panel:${index}`,
      expr: expr.replaceAll('$__rate_interval', '1m'),
    }));
    const groups = { groups: [{ name: 'dashboard', rules }] };
    const { exitCode, stderr } = await run('promtool', ['check', 'rules'], JSON.stringify(groups));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('reads only metrics and labels that a worker exports', async () => {
    const samples = exported(await scrapeWorker());
    let read = 0;
    for (const [where, expression] of await expressions()) {
      for (const { metric, labels } of usesOf(expression)) {
        expect([where, [...samples.keys()]]).toEqual([where, expect.arrayContaining([metric])]);
        const known = [...samples.get(metric)!];
        expect([where, metric, known]).toEqual([
          where,
          metric,
          expect.arrayContaining([...labels]),
        ]);
        read += 1;
      }
    }
    expect(read).toBeGreaterThan(20);
  });
});
