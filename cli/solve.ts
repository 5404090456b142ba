import { Command, Option } from 'commander';
import { hasFailed } from '../activities/outcome.js';
import type { DeviceChoice } from '../ufm/tensor/backend.js';
import { solveBatch } from '../ufm/solve.js';
import { EXIT } from './exit-codes.js';
import { formatSolution, idOf, parseInstanceLine, type InstanceRequest } from './instance-lines.js';
import { deviceOption, positiveNumber, storeOption } from './options.js';
import { print } from './output.js';
import { storedRequests } from './stored-requests.js';

interface SolveOptions {
  readonly device: DeviceChoice;
  readonly tolerance: number;
  readonly polish: boolean;
  readonly from?: string;
  readonly where: string;
  readonly store: string;
}

/** `ufm-sweep solve`: instances from stdin or from stored rows, solutions as JSON lines on stdout, in the same order. */
export function solveCommand(): Command {
  return new Command('solve')
    .description('solve instances: JSON lines on stdin, solutions as JSON lines on stdout')
    .addOption(deviceOption())
    .addOption(
      new Option('--tolerance <gap>', 'relative duality gap that counts as certified')
        .argParser(positiveNumber)
        .default(1e-6)
        .conflicts('from'),
    )
    .addOption(
      new Option('--no-polish', "leave the tensor solver's result as it is").conflicts('from'),
    )
    .addOption(
      new Option('--from <study>', 'solve stored points again, as they were asked; stores nothing'),
    )
    .addOption(
      new Option('--where <sql>', 'which rows of the study, e.g. "status = \'diverged\'"').default(
        'true',
        'all',
      ),
    )
    .addOption(storeOption())
    .addHelpText(
      'after',
      `
A line: {"id"?, "clusters": [[classes, samples], ...], "lambda" | "lambda_W" + "lambda_H",
         "lambda_b"?: number | null, "feature_dim"?, "form"?, "solver"?, "seed"?, "tolerance"?, "polish"?}
"lambda_b": null is a model without a bias, 0 a free bias. Without "solver": exact where it applies.

Examples: echo '{"clusters": [[5, 500], [5, 100]], "lambda": 0.003, "lambda_b": 0.02}' | ufm-sweep solve
          ufm-sweep solve --from first --where "status = 'diverged'"`,
    )
    .action(async (options: SolveOptions) => {
      let failed = 0;
      if (options.from === undefined) {
        for await (const lines of linesAsTheyCome()) failed += await answer(lines, options);
      } else {
        const requests = await storedRequests(options.store, options.from, options.where);
        failed = printAll(await solved(requests, options.device));
      }
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
  const answers = new Map<number, Answer>();
  const asked: { readonly index: number; readonly request: InstanceRequest }[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    try {
      asked.push({ index, request: parseInstanceLine(line, { tolerance, polish }) });
    } catch (error) {
      const refusal = { id: idOf(line), status: 'failed', message: (error as Error).message };
      answers.set(index, { line: JSON.stringify(refusal), hasFailed: true });
    }
  }
  const solutions = await solved(
    asked.map(({ request }) => request),
    device,
  );
  for (const [i, { index }] of asked.entries()) answers.set(index, solutions[i]!);
  return printAll([...lines.keys()].flatMap((index) => answers.get(index) ?? []));
}

interface Answer {
  readonly line: string;
  readonly hasFailed: boolean;
}

async function solved(
  requests: readonly InstanceRequest[],
  device: DeviceChoice,
): Promise<Answer[]> {
  const solutions = await solveBatch(
    requests.map(({ instance }) => instance),
    { device },
  );
  return requests.map((request, i) => ({
    line: JSON.stringify(formatSolution(request, solutions[i]!)),
    hasFailed: hasFailed(solutions[i]!.status),
  }));
}

/** Prints the answers; returns how many failed. */
function printAll(answers: readonly Answer[]): number {
  for (const { line } of answers) print(line);
  return answers.filter(({ hasFailed }) => hasFailed).length;
}
