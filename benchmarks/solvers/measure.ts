import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Instance } from '../../study/instance.js';
import type { ContenderProcess } from './contender-process.js';
import type { Contender, ProcessName } from './contenders.js';
import { writeWorkload } from './exchange.js';
import { relativeGap } from './judge.js';
import type { PeerRun, Preparation, Run } from './requests.js';
import { readWorkload, type WorkloadName } from './workloads.js';

/** The relative gap at which an instance counts. */
export const TOLERANCE = 1e-6;

/** What a contender did with a workload. */
export interface Measurement {
  readonly workload: WorkloadName;
  readonly contender: string;
  readonly title: string;
  readonly ours: boolean;
  /** Instances of a run. */
  readonly count: number;
  /** Seconds until it was compiled and warm, outside of the rates. */
  readonly preparation: number;
  /** Certified instances per second of the core, run by run. */
  readonly rates: readonly number[];
  /** Time that went by over time on the core, the most of the runs: above 1 by what others did on the machine. */
  readonly delay: number;
  /** Share of the instances that reached the tolerance, the least of the runs. */
  readonly certified: number;
  /** Largest relative gap of all runs; null where none could be proved. */
  readonly worstGap: number | null;
}

/** A contender without a row, and why: it does not run here, or its answers were wrong. */
export interface Absence {
  readonly workload: WorkloadName;
  readonly title: string;
  readonly reason: string;
}

export interface Plan {
  readonly workloads: readonly WorkloadName[];
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  /** Instances of a run are the contender's count divided by this. */
  readonly divisor: number;
  readonly processOf: (name: ProcessName) => ContenderProcess;
  readonly tell: (line: string) => void;
}

/** A contender that is prepared, and what its runs gave so far. */
interface Entrant {
  readonly contender: Contender;
  readonly instances: readonly Instance[];
  readonly preparation: number;
  readonly rates: number[];
  delay: number;
  certified: number;
  worstGap: number;
}

/** Lets every contender run in turn, round after round, so that what disturbs the machine disturbs all of them. */
export async function measure(plan: Plan) {
  const measurements: Measurement[] = [];
  const absences: Absence[] = [];
  for (const workload of plan.workloads) {
    const { entrants, absent } = await prepare(plan, workload);
    absences.push(...absent);
    const failed = new Set<Entrant>();
    for (let round = 1; round <= plan.rounds; round++) {
      const start = performance.now();
      for (const entrant of entrants) {
        if (failed.has(entrant)) continue;
        try {
          await run(plan, entrant);
        } catch (error) {
          failed.add(entrant);
          absences.push(missing(plan, workload, entrant.contender, error as Error));
        }
      }
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      plan.tell(`${workload}: round ${round} of ${plan.rounds} took ${seconds} s`);
    }
    const whole = entrants.filter((entrant) => !failed.has(entrant));
    measurements.push(...whole.map((entrant) => conclude(workload, entrant)));
  }
  return { measurements, absences };
}

async function prepare(plan: Plan, workload: WorkloadName) {
  const all = readWorkload(workload);
  const folder = mkdtempSync(path.join(tmpdir(), 'ufm-solvers-'));
  const file = writeWorkload(all, folder);
  const entrants: Entrant[] = [];
  const absent: Absence[] = [];
  for (const contender of plan.contenders) {
    const most = contender.counts[workload];
    if (most === undefined) continue;
    const count = Math.ceil(most / plan.divisor);
    const { name, title } = contender;
    const request = {
      do: 'prepare',
      contender: name,
      workload: isOurs(contender) ? workload : file,
      count,
    };
    try {
      const { seconds } = await plan.processOf(contender.process).request<Preparation>(request);
      const instances = Array.from({ length: count }, (_, i) => all[i % all.length]!);
      entrants.push({
        contender,
        instances,
        preparation: seconds,
        rates: [],
        delay: 0,
        certified: 1,
        worstGap: 0,
      });
      plan.tell(`${workload}: ${title} is ready after ${seconds.toFixed(1)} s`);
    } catch (error) {
      absent.push(missing(plan, workload, contender, error as Error));
    }
  }
  rmSync(folder, { recursive: true });
  return { entrants, absent };
}

function missing(plan: Plan, workload: WorkloadName, contender: Contender, error: Error): Absence {
  plan.tell(`${workload}: ${contender.title} has no row: ${error.message}`);
  return { workload, title: contender.title, reason: error.message };
}

async function run(plan: Plan, entrant: Entrant): Promise<void> {
  const { contender, instances } = entrant;
  const answer = await plan
    .processOf(contender.process)
    .request<Run | PeerRun>({ do: 'run', contender: contender.name });
  const gaps =
    'gaps' in answer
      ? answer.gaps
      : answer.points.map((point, i) => relativeGap(instances[i]!, point));
  if (gaps.length !== instances.length) {
    throw new Error(`${contender.title} answered for ${gaps.length} of ${instances.length}.`);
  }
  const certified = gaps.filter((gap) => gap <= TOLERANCE).length;
  entrant.rates.push(certified / answer.core_seconds);
  entrant.delay = Math.max(entrant.delay, answer.wall_seconds / answer.core_seconds);
  entrant.certified = Math.min(entrant.certified, certified / gaps.length);
  entrant.worstGap = gaps.reduce((worst, gap) => Math.max(worst, gap), entrant.worstGap);
}

function conclude(workload: WorkloadName, entrant: Entrant): Measurement {
  const { contender, instances, preparation, rates, delay, certified, worstGap } = entrant;
  return {
    workload,
    contender: contender.name,
    title: contender.title,
    ours: isOurs(contender),
    count: instances.length,
    preparation,
    rates,
    delay,
    certified,
    worstGap: Number.isFinite(worstGap) ? worstGap : null,
  };
}

function isOurs({ process }: Contender): boolean {
  return process.startsWith('ours-');
}
