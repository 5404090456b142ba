import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ownShardQueue } from '../../workers/shard-queue.js';
import { HAS_MANIFEST_TOOLS, lint, render, validate, type Values } from './manifest-tools.js';
import { MISTAKES, VALUE_SETS } from './values.js';

/** Of a rendered document: what these tests look at. */
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: Pod };
    readonly scaleTargetRef: { readonly name: string };
    readonly triggers: readonly { readonly metadata: Readonly<Record<string, string>> }[];
  };
}

interface Pod {
  readonly containers: readonly Readonly<Record<string, unknown>>[];
  readonly volumes: readonly { readonly name: string; readonly secret?: unknown }[];
}

async function manifests(values: Values): Promise<readonly Manifest[]> {
  const { exitCode, stdout, stderr } = await render(values);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

const podsOf = (all: readonly Manifest[]): readonly Pod[] =>
  all.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec.template.spec);

describe.skipIf(!HAS_MANIFEST_TOOLS)('the chart', () => {
  describe.each(Object.entries(VALUE_SETS))('%s', (_, values) => {
    it('passes helm lint', async () => {
      const { exitCode, stdout } = await lint(values);
      expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    });

    it('is valid by the schemas of Kubernetes 1.34, KEDA and the Prometheus operator', async () => {
      const { stdout } = await render(values);
      const { exitCode, stdout: verdict } = await validate(stdout);
      const count = (await manifests(values)).length;
      expect(verdict).toMatch(`Valid: ${count}, Invalid: 0, Errors: 0, Skipped: 0`);
      expect(exitCode).toBe(0);
    });

    it('runs every pod with little to lose', async () => {
      const pods = podsOf(await manifests(values));
      expect(pods.length).toBeGreaterThanOrEqual(2);
      for (const pod of pods) {
        expect(pod).toMatchObject({
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        });
        expect(pod.containers).toHaveLength(1);
        expect(pod.containers[0]).toMatchObject({
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: expect.arrayContaining([{ name: 'scratch', mountPath: '/tmp' }]) as unknown,
        });
      }
    });

    it('probes every pod, bounds it, and lets it drain', async () => {
      for (const pod of podsOf(await manifests(values))) {
        const { terminationGracePeriodSeconds: grace } = pod as Pod & Record<string, unknown>;
        expect(grace).toBeGreaterThanOrEqual(15);
        const path = (name: string) => ({ httpGet: { path: name, port: 'health' } });
        expect(pod.containers[0]).toMatchObject({
          startupProbe: path('/healthz'),
          livenessProbe: path('/healthz'),
          readinessProbe: path('/readyz'),
          resources: {
            requests: { cpu: expect.any(String) as unknown, memory: expect.any(String) as unknown },
            limits: { memory: expect.any(String) as unknown },
          },
        });
      }
    });
  });

  it('scales each pool on the queue that its pods serve, and nothing else sets its replicas', async () => {
    const all = await manifests(VALUE_SETS['with a pool of GPUs']!);
    const scaled = all.filter(({ kind }) => kind === 'ScaledObject');
    expect(scaled).toHaveLength(2);
    for (const { spec } of scaled) {
      const target = all.find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name === spec.scaleTargetRef.name,
      )!;
      const { args } = target.spec.template.spec.containers[0] as { args: string[] };
      const queue = /^--queue=(.*)$/m.exec(args.join('\n'))![1]!;
      expect(spec.triggers[0]!.metadata['taskQueue']).toBe(ownShardQueue(queue));
      expect(target.spec.replicas).toBeUndefined();
    }
  });

  it('reads secrets by name, and mounts the claim where the store says', async () => {
    const secret = JSON.stringify(
      await manifests(
        VALUE_SETS['with mutual TLS, an API key, encryption, credentials and a PodMonitor']!,
      ),
    );
    for (const name of ['temporal-client', 'temporal-key', 'sweep-keys', 'store', 'collector']) {
      expect(secret).toMatch(new RegExp(`"(name|secretName)":"${name}"`));
    }
    const [pod] = podsOf(await manifests(VALUE_SETS['on a claim, without autoscaling']!));
    expect(pod).toMatchObject({
      containers: [
        {
          volumeMounts: expect.arrayContaining([{ name: 'store', mountPath: '/store' }]) as unknown,
        },
      ],
      volumes: expect.arrayContaining([
        { name: 'store', persistentVolumeClaim: { claimName: 'results' } },
      ]) as unknown,
    });
  });

  it.each(MISTAKES)('refuses %s', async (_, values, message) => {
    const { exitCode, stderr } = await render(values);
    expect(stderr).toMatch(/values don't meet the specifications of the schema/);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(1);
  });

  it('is judged by schemas that notice what is misspelt', async () => {
    const { stdout } = await render({});
    const misspelt = stdout
      .replaceAll('runAsNonRoot', 'runAsNonroot')
      .replaceAll('pollingInterval', 'pollInterval');
    const { exitCode, stdout: verdict } = await validate(misspelt);
    expect(verdict).toMatch(/'runAsNonroot' not allowed/);
    expect(verdict).toMatch(/'pollInterval' not allowed/);
    expect(exitCode).toBe(1);
  });
});
