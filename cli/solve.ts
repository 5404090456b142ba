import { Command, Option } from 'commander';
import { hasFailed } from '../activities/outcome.js';
import type { DeviceChoice } from '../ufm/tensor/backend.js';
import { solveBatch } from '../ufm/solve.js';
import { EXIT } from './exit-codes.js';
import { formatSolution, idOf, parseInstanceLine, type InstanceRequest } from './instance-lines.js';
import { deviceOption, positiveNumber } from './options.js';
import { print } from './output.js';

interface SolveOptions {
  readonly device: DeviceChoice;
  readonly tolerance: number;
  readonly polish: boolean;
}

/** `ufm-sweep solve`: instances as JSON lines on stdin, solutions as JSON lines on stdout, in the same order. */
export function solveCommand(): Command {
  return new Command('solve')
    .description('solve instances: JSON lines on stdin, solutions as JSON lines on stdout')
    .addOption(deviceOption())
    .addOption(
      new Option('--tolerance <gap>', 'relative duality gap that counts as certified')
        .argParser(positiveNumber)
        .default(1e-6),
    )
    .addOption(new Option('--no-polish', "leave the tensor solver's result as it is"))
    .addHelpText(
      'after',
      `
A line: {"id"?, "clusters": [[classes, samples], ...], "lambda" | "lambda_W" + "lambda_H",
         "lambda_b"?: number | null, "feature_dim"?, "form"?, "solver"?, "seed"?, "tolerance"?, "polish"?}
"lambda_b": null is a model without a bias, 0 a free bias. Without "solver": exact where it applies.

Example: echo '{"clusters": [[5, 500], [5, 100]], "lambda": 0.003, "lambda_b": 0.02}' | ufm-sweep solve`,
    )
    .action(async (options: SolveOptions) => {
      let failed = 0;
      for await (const lines of linesAsTheyCome()) failed += await answer(lines, options);
      if (failed > 0) process.exitCode = EXIT.failedPoints;
    });
}

/** What came in one read of stdin, as whole lines: a stream is answered in batches, a conversation line by line. */
async function* linesAsTheyCome(): AsyncGenerator<string[]> {
  let rest = '';
  process.stdin.setEncoding('utf8');
  for await (const text of process.stdin as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    yield lines;
  }
  yield [rest];
}

/** Solves a batch of lines and prints one answer a line, in their order. Returns how many failed. */
async function answer(
  lines: readonly string[],
  { device, tolerance, polish }: SolveOptions,
): Promise<number> {
  const answers = new Map<number, object>();
  const asked: { readonly index: number; readonly request: InstanceRequest }[] = [];
  let failed = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    try {
      asked.push({ index, request: parseInstanceLine(line, { tolerance, polish }) });
    } catch (error) {
      failed += 1;
      answers.set(index, { id: idOf(line), status: 'failed', message: (error as Error).message });
    }
  }
  const solutions = await solveBatch(
    asked.map(({ request }) => request.instance),
    { device },
  );
  for (const [i, { index, request }] of asked.entries()) {
    const solution = solutions[i]!;
    if (hasFailed(solution.status)) failed += 1;
    answers.set(index, formatSolution(request, solution));
  }
  for (const index of lines.keys()) {
    if (answers.has(index)) print(JSON.stringify(answers.get(index)));
  }
  return failed;
}
