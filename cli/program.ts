import { Command, CommanderError } from 'commander';
import { endSoon } from './ends.js';
import { EXIT } from './exit-codes.js';
import { describeError, Failure } from './failure.js';
import { note, THROUGH_THE_DOOR } from './output.js';
import { packageVersion } from '../infra/package-file.js';

/** The commands, each loaded when it is wanted: DuckDB, tensors and Temporal take a second to load together. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./init.js')).initCommand(),
  schema: async () => (await import('./schema.js')).schemaCommand(),
  doctor: async () => (await import('./doctor.js')).doctorCommand(),
  plan: async () => (await import('./plan.js')).planCommand(),
  run: async () => (await import('./run.js')).runCommand(),
  retry: async () => (await import('./retry.js')).retryCommand(),
  list: async () => (await import('./list.js')).listCommand(),
  status: async () => (await import('./status.js')).statusCommand(),
  watch: async () => (await import('./watch.js')).watchCommand(),
  serve: async () => (await import('./serve.js')).serveCommand(),
  pause: async () => (await import('./control.js')).pauseCommand(),
  resume: async () => (await import('./control.js')).resumeCommand(),
  cancel: async () => (await import('./control.js')).cancelCommand(),
  'set-window': async () => (await import('./control.js')).setWindowCommand(),
  worker: async () => (await import('./worker.js')).workerCommand(),
  schedule: async () => (await import('./schedule.js')).scheduleCommand(),
  solve: async () => (await import('./solve.js')).solveCommand(),
  analyze: async () => (await import('./analyze.js')).analyzeCommand(),
  report: async () => (await import('./analyze.js')).reportCommand(),
  verify: async () => (await import('./verify.js')).verifyCommand(),
  query: async () => (await import('./query.js')).queryCommand(),
  adopt: async () => (await import('./adopt.js')).adoptCommand(),
  export: async () => (await import('./export.js')).exportCommand(),
};

const program = new Command('ufm-sweep')
  .description('Parameter sweeps of the unconstrained feature model under class imbalance')
  .version(packageVersion())
  .option('--verbose', 'show stack traces of errors', false)
  .showSuggestionAfterError()
  .addHelpText('after', '\nStart with: ufm-sweep init, then ufm-sweep run study.yaml');

const wanted = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
const only = Object.entries(COMMANDS).filter(([name]) => name === wanted);
// For help and for suggestions all of them are needed.
for (const [, load] of only.length > 0 ? only : Object.entries(COMMANDS)) {
  program.addCommand(await load());
}

// Commander prints the message itself; here it only decides the exit code.
for (const command of [program, ...program.commands]) {
  command.exitOverride().configureOutput(THROUGH_THE_DOOR);
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  if (!(error instanceof CommanderError)) {
    note(`ufm-sweep: ${describeError(error, program.opts<{ verbose: boolean }>().verbose)}`);
  }
}
endSoon();

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badUsage;
  return error instanceof Failure ? error.exitCode : EXIT.failed;
}
