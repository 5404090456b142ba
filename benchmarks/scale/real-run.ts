import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_ROOT } from '../../infra/project-root.js';
import { openDatabase } from '../../results/database.js';
import { openStore } from '../../results/open-store.js';
import { countEvents, withBench } from './bench-store.js';
import { observe, type Observation } from './observe.js';
import { studyText } from './study.js';

/** A run of the product, end to end. */
export interface RealRun {
  readonly points: number;
  readonly shardSize: number;
  /** From the start of the process to its end: plan, solve, write, analyze, report. */
  readonly seconds: number;
  readonly stages: Observation['stages'];
  readonly cpuSeconds: { readonly program: number; readonly server: number };
  /** By the rows' own clocks. */
  readonly solveSeconds: number;
  readonly peakBytes: { readonly program: number; readonly server: number };
  readonly events: number;
  /** Milliseconds that the slowest answer to a question about progress took, and the 99th percentile of all. */
  readonly statusMs: { readonly slowest: number; readonly p99: number };
}

/** Runs a study of so many points with `ufm-sweep run`, in a process of its own. */
export function realRun(points: number, shardSize: number): Promise<RealRun> {
  const text = studyText(points, shardSize);
  return withBench(text, async (bench) => {
    const { folder, reference, client, server } = bench;
    const study = path.join(folder, 'study.yaml');
    await writeFile(study, text);
    const started = performance.now();
    const program = spawn(
      process.execPath,
      [
        path.join(PROJECT_ROOT, 'dist/cli/main.js'),
        'run',
        study,
        '--store',
        folder,
        '--address',
        server.address,
        '--yes',
        '--json',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    let seconds = 0;
    const exit = once(program, 'exit').then(() => {
      seconds = (performance.now() - started) / 1000;
    });
    const pids = [program.pid!, server.pid];
    const { stages, latencies, usage } = await observe(exit, client, reference, pids);
    if (program.exitCode !== 0) throw new Error(`ufm-sweep run exits with ${program.exitCode}`);
    const [ofProgram, ofServer] = pids.map((pid) => usage.get(pid)!);
    return {
      points,
      shardSize,
      seconds,
      stages,
      cpuSeconds: { program: ofProgram!.cpuSeconds, server: ofServer!.cpuSeconds },
      solveSeconds: await solveSeconds(folder, points),
      peakBytes: { program: ofProgram!.peakBytes, server: ofServer!.peakBytes },
      events: await countEvents(bench),
      statusMs: {
        slowest: latencies.at(-1) ?? 0,
        p99: latencies[Math.floor(0.99 * latencies.length)] ?? 0,
      },
    };
  });
}

/** @throws Error unless every point has a certified row */
async function solveSeconds(folder: string, points: number): Promise<number> {
  const database = await openDatabase(openStore(folder));
  try {
    const [sum] = await database.query<{ seconds: number; rows: number }>(
      `SELECT sum(seconds) AS seconds, count(DISTINCT point_key) AS rows FROM parts WHERE status = 'certified'`,
    );
    if (sum!.rows !== points) throw new Error(`${sum!.rows} of ${points} points are certified`);
    return sum!.seconds;
  } finally {
    database.close();
  }
}
