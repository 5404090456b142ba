import { createInterface } from 'node:readline';
import type { Instance } from '../../study/instance.js';
import { certify } from '../../ufm/certificate.js';
import { solveExact } from '../../ufm/exact/solve.js';
import { solveBatch } from '../../ufm/solve.js';
import { chooseBackend, type DeviceChoice } from '../../ufm/tensor/backend.js';
import type { Request, Run } from './requests.js';
import { forExactSolver, readWorkload } from './workloads.js';

/**
 * The process of our contenders, the counterpart of `peers/serve.py`: requests as JSON lines on stdin, answers as JSON
 * lines on stdout. A run's gaps are those of the rigorous certificate, computed within its clock.
 */

interface Prepared {
  readonly instances: readonly Instance[];
  readonly solve: Solve;
}

/** Relative gaps of the instances, in their order. */
type Solve = (instances: readonly Instance[]) => Promise<readonly number[]>;

/** Instances after which the code is compiled: one by one, and in batches. */
const WARM_UP = { exact: 4096, tensor: 256 };
const prepared = new Map<string, Prepared>();

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await respond(JSON.parse(line) as Request).catch((error: unknown) => ({
    error: (error as Error).message,
  }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function respond(request: Request) {
  if (request.do === 'run') return run(prepared.get(request.contender)!);
  const { contender, workload, count } = request;
  const device = /^tensor-(.*)/u.exec(contender)?.[1] as DeviceChoice | undefined;
  const start = performance.now();
  if (device !== undefined) await chooseBackend(device);
  const all = readWorkload(workload);
  const suited = device === undefined ? all.map(forExactSolver) : all;
  const instances = Array.from({ length: count }, (_, i) => suited[i % suited.length]!);
  const solve = contender === 'exact' ? solveExactly : solveWhole(device ?? 'auto');
  const warmUp = device === undefined ? WARM_UP.exact : WARM_UP.tensor;
  prepared.set(contender, { instances, solve });
  await solve(instances.slice(0, warmUp));
  return { seconds: (performance.now() - start) / 1000 };
}

async function run({ instances, solve }: Prepared): Promise<Run> {
  const start = performance.now();
  const startOnCore = process.cpuUsage();
  const gaps = await solve(instances);
  const { user, system } = process.cpuUsage(startOnCore);
  return {
    core_seconds: (user + system) / 1e6,
    wall_seconds: (performance.now() - start) / 1000,
    gaps,
  };
}

/** Solution and certificate, and no more: what the peers' points come with as well. */
async function solveExactly(instances: readonly Instance[]): Promise<readonly number[]> {
  return Promise.resolve(
    instances.map((instance) => {
      const { objective, blocks } = solveExact(instance);
      return (objective - certify(instance, blocks).lowerBound) / objective;
    }),
  );
}

/** Everything that goes into rows: certificate, collapse, geometry. */
function solveWhole(device: DeviceChoice): Solve {
  return async (instances) => {
    const solutions = await solveBatch(instances, { device });
    return solutions.map(({ relativeGap }) => relativeGap ?? Infinity);
  };
}
