import type { Values } from './manifest-tools.js';

const GPU_POOL = {
  target: 'solver-gpu',
  queue: 'ufm-solve-gpu',
  device: 'native',
  concurrency: 1,
  minReplicas: 0,
  maxReplicas: 8,
  shardsPerReplica: 4,
  resources: {
    requests: { cpu: '2', memory: '8Gi', 'nvidia.com/gpu': 1 },
    limits: { memory: '16Gi', 'nvidia.com/gpu': 1 },
  },
  nodeSelector: { 'nvidia.com/gpu.present': 'true' },
  tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
  scratch: '10Gi',
};

/** Of the store that is served, as its marker file says it. */
export const STORE_ID = '0123456789abcdef0123456789abcdef';

const SCALED = { autoscaling: { enabled: true, storeIds: [STORE_ID] } };

export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** Value sets that take every branch of the chart between them. */
export const VALUE_SETS: Readonly<Record<string, Values>> = {
  'as it comes': {},
  'with mutual TLS, an API key, encryption, credentials and a PodMonitor': {
    ...SCALED,
    image: { repository: 'registry.example/ufm-sweep', pullSecrets: [{ name: 'registry' }] },
    temporal: {
      address: 'sweeps.a1b2c.tmprl.cloud:7233',
      namespace: 'sweeps.a1b2c',
      tlsSecret: 'temporal-client',
      tlsServerName: 'sweeps.a1b2c.tmprl.cloud',
      apiKeySecret: 'temporal-key',
      encryptionSecret: 'sweep-keys',
    },
    store: { endpoint: 'https://objects.example', credentialsSecret: 'store' },
    serviceAccount: { annotations: { 'example.com/role': 'sweeps' } },
    metrics: { podMonitor: true },
    tracing: {
      endpoint: 'https://collector.example:4318',
      sampler: 'parentbased_traceidratio',
      samplerArgument: '0.1',
      resourceAttributes: 'deployment.environment=production',
      headersSecret: 'collector',
    },
  },
  'with an API key alone': { ...SCALED, temporal: { apiKeySecret: 'temporal-key' } },
  'on a claim, without autoscaling': {
    store: { url: '/store/studies', persistentVolumeClaim: 'results' },
    autoscaling: { enabled: false },
  },
  'with a pool of GPUs': { ...SCALED, solverPools: { gpu: GPU_POOL } },
  'with two versions side by side': versions('0.1.0', '0.2.0'),
  'with peers that are named, and images by digest': {
    image: { digests: { orchestrator: DIGEST, solver: DIGEST } },
    store: { endpoint: 'http://objects.storage.svc:9000' },
    tracing: { endpoint: 'http://collector.observability.svc/otlp' },
    topologySpread: [
      { topologyKey: 'kubernetes.io/hostname', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' },
    ],
    networkPolicy: {
      metrics: [namespace('monitoring')],
      dns: [namespace('kube-system')],
      temporal: [namespace('temporal')],
      store: [namespace('storage')],
      collector: [namespace('observability')],
      extraEgress: [
        {
          to: [{ ipBlock: { cidr: '169.254.170.23/32' } }],
          ports: [{ protocol: 'TCP', port: 80 }],
        },
      ],
    },
  },
  'without a network policy': { networkPolicy: { enabled: false }, topologySpread: [] },
};

/** The pods of a namespace, as a peer of a network policy. */
export function namespace(name: string) {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
}

/** Workers of these build ids. */
export function versions(...buildIds: readonly string[]): Values {
  return { ...SCALED, workerDeployment: { versions: buildIds.map((buildId) => ({ buildId })) } };
}

/** A pool that lacks what the chart cannot guess. */
const WITHOUT_CONCURRENCY = Object.fromEntries(
  Object.entries(GPU_POOL).filter(([key]) => key !== 'concurrency'),
);

/** Mistakes, and what the refusal names. */
export const MISTAKES: readonly (readonly [string, Values, RegExp])[] = [
  ['an address without a port', { temporal: { address: 'temporal' } }, /temporal.address/],
  ['a URL for an address', { temporal: { address: 'https://t:7233/' } }, /temporal.address/],
  ['a pool without concurrency', { solverPools: { gpu: WITHOUT_CONCURRENCY } }, /concurrency/],
  ['a pool whose name is no name', { solverPools: { GPU_1: GPU_POOL } }, /GPU_1/],
  ['an unknown device', { solverPools: { gpu: { ...GPU_POOL, device: 'tpu' } } }, /device/],
  ['a key that nothing reads', { temporal: { adress: 'temporal:7233' } }, /adress/],
  ['a store that is neither bucket nor claim', { store: { url: './results' } }, /store.url/],
  ['a collector without a scheme', { tracing: { endpoint: 'collector:4318' } }, /endpoint/],
  ['a version whose build id is no name', versions('0.1.0+linux'), /buildId/],
  ['a version that stands there twice', versions('0.1.0', '0.1.0'), /unique|equal/],
  ['a deployment with a dot, which ends names', { workerDeployment: { name: 'a.b' } }, /name/],
  [
    'autoscaling of no store, whose queues have no names',
    { autoscaling: { enabled: true } },
    /storeIds/,
  ],
  ['an identity that no store has', { autoscaling: { storeIds: ['ufm-sweep'] } }, /storeIds/],
  ['a digest that is a tag', { image: { digests: { solver: 'solver-0.1.0' } } }, /digests.solver/],
  ['a digest of no image', { image: { digests: { worker: DIGEST } } }, /worker/],
  [
    'a peer that is none',
    { networkPolicy: { store: [{ cidr: '0.0.0.0/0' }] } },
    /networkPolicy.store/,
  ],
  ['a grace that is shorter than draining', { terminationGracePeriodSeconds: 5 }, /Grace/],
];
