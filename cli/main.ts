#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { analyzeCommand, reportCommand } from './analyze.js';
import { cancelCommand, pauseCommand, resumeCommand } from './control.js';
import { doctorCommand } from './doctor.js';
import { EXIT } from './exit-codes.js';
import { exportCommand } from './export.js';
import { describeError, Failure } from './failure.js';
import { initCommand } from './init.js';
import { endQuietlyOnClosedPipe, note } from './output.js';
import { packageVersion } from './package-file.js';
import { planCommand } from './plan.js';
import { queryCommand } from './query.js';
import { runCommand } from './run.js';
import { schemaCommand } from './schema.js';
import { solveCommand } from './solve.js';
import { statusCommand } from './status.js';
import { verifyCommand } from './verify.js';
import { watchCommand } from './watch.js';
import { workerCommand } from './worker.js';

const program = new Command('ufm-sweep')
  .description('Parameter sweeps of the unconstrained feature model under class imbalance')
  .version(packageVersion())
  .option('--verbose', 'show stack traces of errors', false)
  .showSuggestionAfterError()
  .addHelpText('after', '\nStart with: ufm-sweep init, then ufm-sweep run study.yaml');

for (const command of [
  initCommand(),
  schemaCommand(),
  doctorCommand(),
  planCommand(),
  runCommand(),
  statusCommand(),
  watchCommand(),
  pauseCommand(),
  resumeCommand(),
  cancelCommand(),
  workerCommand(),
  solveCommand(),
  analyzeCommand(),
  reportCommand(),
  verifyCommand(),
  queryCommand(),
  exportCommand(),
]) {
  program.addCommand(command);
}

// Commander prints the message itself; here it only decides the exit code.
for (const command of [program, ...program.commands]) command.exitOverride();

endQuietlyOnClosedPipe();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  if (!(error instanceof CommanderError)) {
    note(`ufm-sweep: ${describeError(error, program.opts<{ verbose: boolean }>().verbose)}`);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badUsage;
  return error instanceof Failure ? error.exitCode : EXIT.failed;
}
