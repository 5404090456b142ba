import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { HAS_MANIFEST_TOOLS, lint, render, validate, type Values } from './manifest-tools.js';
import { DIGEST, MISTAKES, namespace, STORE_ID, VALUE_SETS, versions } from './values.js';

/** Of a rendered document: what these tests look at. */
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly minReplicaCount?: number;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: Pod;
    };
    readonly scaleTargetRef: { readonly name: string };
    readonly triggers: readonly { readonly metadata: Readonly<Record<string, string>> }[];
    readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly policyTypes: readonly string[];
    readonly ingress: readonly Rule[];
    readonly egress: readonly Rule[];
  };
}

/** Of a network policy; without peers it holds for all. */
interface Rule {
  readonly ports: readonly { readonly protocol: string; readonly port: string | number }[];
  readonly from?: unknown;
  readonly to?: unknown;
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

/** The queue of a store's shards that workers of this version ask. */
const queueOf = (queue: string, storeId: string): string =>
  `${queue}-${storeId.slice(0, 12)}-v${NUMERICAL_VERSION}`;

const keyOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;

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
          enableServiceLinks: false,
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

  it('gives every pod the store to work in, and no other', async () => {
    for (const values of Object.values(VALUE_SETS)) {
      const { url = 's3://ufm-sweep/studies' } = (values['store'] ?? {}) as { url?: string };
      for (const { containers } of podsOf(await manifests(values))) {
        const { args } = containers[0] as { args: string[] };
        expect(args.filter((word) => word.startsWith('--store'))).toEqual([`--store=${url}`]);
      }
    }
  });

  it('counts what a pod writes to /tmp among what it takes of its node', async () => {
    const all = await manifests(VALUE_SETS['with a pool of GPUs']!);
    for (const { containers, volumes } of podsOf(all)) {
      const { sizeLimit } = (volumes as unknown as { emptyDir: { sizeLimit: string } }[])[0]!
        .emptyDir;
      const disk = { 'ephemeral-storage': sizeLimit };
      expect(containers[0]).toMatchObject({ resources: { requests: disk, limits: disk } });
    }
    const more = { 'ephemeral-storage': '50Gi' };
    const [pod] = podsOf(await manifests({ orchestrator: { resources: { limits: more } } }));
    expect(pod!.containers[0]).toMatchObject({ resources: { limits: more } });
  });

  it('puts replicas of a component on nodes and in zones of their own', async () => {
    const all = await manifests(VALUE_SETS['with two versions side by side']!);
    for (const { spec } of all.filter(({ kind }) => kind === 'Deployment')) {
      const { topologySpreadConstraints: spread } = spec.template.spec as unknown as {
        topologySpreadConstraints: { topologyKey: string; labelSelector: unknown }[];
      };
      expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
        'kubernetes.io/hostname',
        'topology.kubernetes.io/zone',
      ]);
      for (const { labelSelector } of spread) expect(labelSelector).toEqual(spec.selector);
    }
  });

  it('lets in who probes and who measures, and out to what a worker needs', async () => {
    const rulesOf = async (values: Values) => {
      const all = await manifests(values);
      const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');
      const pods = all.filter(({ kind }) => kind === 'Deployment');
      for (const { spec } of policies) {
        expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
        for (const pod of pods) {
          expect(pod.spec.template.metadata.labels).toMatchObject(spec.podSelector.matchLabels);
        }
      }
      return policies.map(({ spec }) => ({ ingress: spec.ingress, egress: spec.egress }));
    };
    const tcp = (port: string | number, more: object = {}) => ({
      ports: [{ protocol: 'TCP', port }],
      ...more,
    });
    const dns = { ports: [...tcp(53).ports, { protocol: 'UDP', port: 53 }].reverse() };
    expect(await rulesOf({})).toEqual([
      { ingress: [tcp('health'), tcp('metrics')], egress: [dns, tcp(7233), tcp(443)] },
    ]);
    const to = (name: string) => ({ to: [namespace(name)] });
    expect(await rulesOf(VALUE_SETS['with peers that are named, and images by digest']!)).toEqual([
      {
        ingress: [tcp('health'), tcp('metrics', { from: [namespace('monitoring')] })],
        egress: [
          { ...dns, ...to('kube-system') },
          tcp(7233, to('temporal')),
          tcp(9000, to('storage')),
          tcp(80, to('observability')),
          tcp(80, { to: [{ ipBlock: { cidr: '169.254.170.23/32' } }] }),
        ],
      },
    ]);
    // Folders are mounted by the node.
    const [onClaim] = await rulesOf(VALUE_SETS['on a claim, without autoscaling']!);
    expect(onClaim!.egress).toEqual([dns, tcp(7233)]);
    expect(await rulesOf(VALUE_SETS['without a network policy']!)).toEqual([]);
  });

  it('runs the images of the digests that it is given, those of a version for itself', async () => {
    const imagesOf = async (values: Values) =>
      podsOf(await manifests(values)).map(({ containers }) => containers[0]!['image']);
    expect(await imagesOf(VALUE_SETS['with peers that are named, and images by digest']!)).toEqual([
      `ufm-sweep:orchestrator@${DIGEST}`,
      `ufm-sweep:solver@${DIGEST}`,
    ]);
    const sides = [{ buildId: '0.1.0' }, { buildId: '0.2.0', digests: { solver: DIGEST } }];
    const values = {
      image: { digests: { solver: DIGEST } },
      workerDeployment: { versions: sides },
    };
    expect((await imagesOf(values)).sort()).toEqual([
      'ufm-sweep:orchestrator-0.1.0',
      'ufm-sweep:orchestrator-0.2.0',
      'ufm-sweep:solver-0.1.0',
      `ufm-sweep:solver-0.2.0@${DIGEST}`,
    ]);
  });

  it('takes temporary credentials of the store, and permanent ones without a token', async () => {
    const [pod] = podsOf(await manifests({ store: { credentialsSecret: 'store' } }));
    const { env } = pod!.containers[0] as { env: { name: string }[] };
    expect(env).toContainEqual({
      name: 'AWS_SESSION_TOKEN',
      valueFrom: { secretKeyRef: { name: 'store', key: 'session-token', optional: true } },
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
      expect(spec.triggers.map(({ metadata }) => metadata['taskQueue'])).toEqual([
        queueOf(queue, STORE_ID),
      ]);
      expect(target.spec.replicas).toBeUndefined();
    }
  });

  it('scales on the largest backlog of the stores that are served', async () => {
    const storeIds = [STORE_ID, STORE_ID.replaceAll('0', 'f')];
    const all = await manifests({ autoscaling: { enabled: true, storeIds } });
    const [scaled] = all.filter(({ kind }) => kind === 'ScaledObject');
    expect(scaled!.spec.triggers.map(({ metadata }) => metadata['taskQueue'])).toEqual(
      storeIds.map((id) => queueOf('ufm-solve', id)),
    );
  });

  it('keeps a pod of each pool where nothing is scaled', async () => {
    const all = await manifests({});
    expect(all.filter(({ kind }) => kind === 'ScaledObject')).toEqual([]);
    for (const { spec } of all.filter(({ kind }) => kind === 'Deployment')) {
      expect(spec.replicas).toBeGreaterThanOrEqual(1);
    }
  });

  it('leaves the pods of a version as they are when another comes or goes', async () => {
    const byName = async (...buildIds: string[]) =>
      new Map((await manifests(versions(...buildIds))).map((one) => [keyOf(one), one]));
    const [old, both, young] = [
      await byName('0.1.0'),
      await byName('0.1.0', '0.2.0'),
      await byName('0.2.0'),
    ];
    for (const [name, manifest] of old) expect(both.get(name)).toEqual(manifest);
    for (const [name, manifest] of young) expect(both.get(name)).toEqual(manifest);
    // Account and network policy are those of all.
    expect(both.size).toBe(old.size + young.size - 2);
  });

  it('gives each version an image, a build id, pods that no other selects, and a backlog of its own', async () => {
    const all = await manifests(versions('0.1.0', '0.2.0'));
    const deployments = all.filter(({ kind }) => kind === 'Deployment');
    expect(deployments).toHaveLength(4);
    for (const { metadata, spec } of deployments) {
      const buildId = metadata.name.endsWith('0-1-0') ? '0.1.0' : '0.2.0';
      const [{ image, args }] = spec.template.spec.containers as [
        { image: string; args: string[] },
      ];
      expect(image).toMatch(new RegExp(`^ufm-sweep:(orchestrator|solver)-${buildId}$`));
      expect(args).toEqual(
        expect.arrayContaining(['--deployment=ufm-sweep', `--build-id=${buildId}`]),
      );
      const selected = deployments.filter((other) =>
        Object.entries(spec.selector.matchLabels).every(
          ([label, value]) => other.spec.template.metadata.labels[label] === value,
        ),
      );
      expect(selected.map((other) => other.metadata.name)).toEqual([metadata.name]);
      for (const scaler of all.filter(({ kind }) => kind === 'ScaledObject')) {
        if (scaler.spec.scaleTargetRef.name !== metadata.name) continue;
        expect(scaler.spec.triggers[0]!.metadata).toMatchObject({
          workerDeploymentName: 'ufm-sweep',
          workerDeploymentBuildId: buildId,
        });
        expect(scaler.spec.minReplicaCount).toBe(1);
      }
    }
  });

  it('scales a version with other numerics on the queue of those', async () => {
    const sides = [{ buildId: '0.1.0' }, { buildId: '0.2.0', numericalVersion: 77 }];
    const all = await manifests({ ...versions(), workerDeployment: { versions: sides } });
    const queues = all
      .filter(({ kind }) => kind === 'ScaledObject')
      .map(({ spec }) => spec.triggers[0]!.metadata['taskQueue']);
    expect(queues).toEqual([queueOf('ufm-solve', STORE_ID), 'ufm-solve-0123456789ab-v77']);
  });

  it('has workers of no version unless versions are named', async () => {
    const text = JSON.stringify(await manifests({}));
    expect(text).not.toMatch(/build-?id/i);
    expect(text).not.toMatch(/--deployment/);
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
    expect(secret).toContain('{"name":"UFM_ENCRYPTION","value":"required"}');
    expect(JSON.stringify(await manifests({}))).not.toContain('"UFM_ENCRYPTION"');
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
    const { stdout } = await render(VALUE_SETS['with a pool of GPUs']!);
    const misspelt = stdout
      .replaceAll('runAsNonRoot', 'runAsNonroot')
      .replaceAll('pollingInterval', 'pollInterval');
    const { exitCode, stdout: verdict } = await validate(misspelt);
    expect(verdict).toMatch(/'runAsNonroot' not allowed/);
    expect(verdict).toMatch(/'pollInterval' not allowed/);
    expect(exitCode).toBe(1);
  });
});
