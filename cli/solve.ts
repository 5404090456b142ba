import { Command, InvalidArgumentError, Option } from 'commander';
import { hasFailed } from '../activities/outcome.js';
import { LARGEST_TOLERANCE, SMALLEST_TOLERANCE } from '../study/limits.js';
import type { DeviceChoice } from '../ufm/tensor/backend.js';
import { solveBatch } from '../ufm/solve.js';
import { EXIT } from './exit-codes.js';
import { parseInstanceLine, type InstanceRequest } from './instance-lines.js';
import { linesAsTheyCome, type Line } from './lines.js';
import { deviceOption, positiveNumber, storeOption } from './options.js';
import { print } from './output.js';
import { formatAnswer, formatRefusal } from './solution-lines.js';
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
        .argParser(tolerance)
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
Remedies, lists with a number for each cluster of the line: "class_weights"?, "margins"?, "logit_scales"?,
         "feature_penalties"?; numbers: "label_smoothing"?, "label_noise"?, "logit_adjustment"?
Other models: "bound_w" + "bound_h" in place of lambda, "loss"?: "squared-error", "features"?: "nonnegative",
         "classifier"?: "fixed-etf"
The bounds of values are those of study files; an answer to a line that is none says where and why.
"lambda_b": null is a model without a bias, 0 a free bias. Without "solver": exact where it applies.

Examples: echo '{"clusters": [[5, 500], [5, 100]], "lambda": 0.003, "lambda_b": 0.02}' | ufm-sweep solve
          echo '{"clusters": [[5, 500], [5, 100]], "lambda": 0.003, "class_weights": [0.6, 3]}' | ufm-sweep solve
          ufm-sweep solve --from first --where "status = 'diverged'"`,
    )
    .action(async (options: SolveOptions) => {
      let failed = 0;
      if (options.from === undefined) {
        const stdin = process.stdin.setEncoding('utf8') as AsyncIterable<string>;
        for await (const lines of linesAsTheyCome(stdin)) failed += await answer(lines, options);
      } else {
        const requests = await storedRequests(options.store, options.from, options.where);
        failed = printAll(await solved(requests, options.device));
      }
      if (failed > 0) process.exitCode = EXIT.failedPoints;
    });
}

/** Parses a relative duality gap, within the bounds of a study file. */
function tolerance(text: string): number {
  const value = positiveNumber(text);
  if (value >= SMALLEST_TOLERANCE && value <= LARGEST_TOLERANCE) return value;
  throw new InvalidArgumentError(`Not from ${SMALLEST_TOLERANCE} to ${LARGEST_TOLERANCE}.`);
}

/** Solves a batch of lines and prints one answer a line, in their order. Returns how many failed. */
async function answer(
  lines: readonly Line[],
  { device, tolerance, polish }: SolveOptions,
): Promise<number> {
  const answers = new Map<number, Answer>();
  const asked: { readonly index: number; readonly request: InstanceRequest }[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.text?.trim() === '') continue;
    const parsed = parseInstanceLine(line, { tolerance, polish });
    if (parsed.ok) asked.push({ index, request: parsed.request });
    else answers.set(index, { line: formatRefusal(parsed), hasFailed: true });
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
    line: formatAnswer(request, solutions[i]!),
    hasFailed: hasFailed(solutions[i]!.status),
  }));
}

/** Prints the answers; returns how many failed. */
function printAll(answers: readonly Answer[]): number {
  for (const { line } of answers) print(line);
  return answers.filter(({ hasFailed }) => hasFailed).length;
}
