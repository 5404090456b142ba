import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { PROJECT_ROOT } from './project-root.js';

/**
 * Where the binary is installed, the first that can be written: with this program, for all who use it, or with the user's data, where
 * the program belongs to somebody else or is read-only.
 */
function toolFolders(): string[] {
  const home = process.env['HOME'] ?? '';
  const data = [process.env['XDG_DATA_HOME'] ?? '', path.join(home, '.local', 'share')];
  const own = data.find((folder) => path.isAbsolute(folder));
  return [
    path.join(PROJECT_ROOT, '.tools'),
    ...(own === undefined ? [] : [path.join(own, 'ufm-sweep')]),
  ];
}

const binaryIn = (tools: string): string => path.join(tools, 'temporal', 'bin', 'temporal');

const REQUIREMENTS = path.join(PROJECT_ROOT, 'infra', 'requirements-temporal.txt');

/** The newest tag that `go install` takes: later ones have a `replace` directive. */
const GO_PACKAGE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

/** A way of installing the binary into a folder, as `<folder>/bin/temporal`. */
interface Installation {
  readonly name: string;
  /** Whether it takes minutes of computing, which belongs into set-up and not into a run. */
  readonly slow: boolean;
  install(folder: string): Promise<void>;
}

const PIP_ARGUMENTS = [
  ...['--no-deps', '--only-binary', ':all:', '--require-hashes', '--quiet'],
  ...['--requirement', REQUIREMENTS],
];

const INSTALLATIONS: readonly Installation[] = [
  {
    name: 'pip',
    slow: false,
    async install(folder) {
      const quiet = ['--disable-pip-version-check', '--no-input'];
      await run('python3', [
        '-m',
        'pip',
        'install',
        ...quiet,
        '--target',
        folder,
        ...PIP_ARGUMENTS,
      ]);
    },
  },
  {
    name: 'uv',
    slow: false,
    async install(folder) {
      await run('uv', ['pip', 'install', '--target', folder, ...PIP_ARGUMENTS]);
    },
  },
  {
    name: "the SDK's download",
    slow: false,
    async install(folder) {
      await run(process.execPath, ['--input-type=module', '--eval', SDK_DOWNLOAD, folder]);
      const downloaded = (await readdir(folder)).find((name) => name.startsWith('temporal'));
      if (downloaded === undefined) throw new Error('The SDK left no binary behind.');
      await mkdir(path.join(folder, 'bin'));
      await rename(path.join(folder, downloaded), path.join(folder, 'bin', 'temporal'));
    },
  },
  {
    name: 'go install',
    slow: true,
    async install(folder) {
      await run('go', ['install', GO_PACKAGE], { GOBIN: path.join(folder, 'bin') });
    },
  },
];

/** Starts and stops a server, for the download that comes with it: the SDK offers no other way to ask for one. */
const SDK_DOWNLOAD = `
  import { TestWorkflowEnvironment } from '@temporalio/testing';
  const executable = { type: 'cached-download', downloadDir: process.argv[1] };
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
  await environment.teardown();`;

/**
 * The `temporal` binary of this machine: from where set-up leaves the pinned one, else from PATH. Null when there is neither, or
 * none that this user may run.
 */
export async function findTemporalBinary(): Promise<string | null> {
  for (const candidate of [...toolFolders().map(binaryIn), 'temporal']) {
    if ((await temporalVersion(candidate)) !== null) return candidate;
  }
  return null;
}

/** What `temporal --version` says; null when the binary does not run. */
export async function temporalVersion(binary: string): Promise<string | null> {
  const { stdout, failed } = await execa(binary, ['--version'], { reject: false, timeout: 20_000 });
  return !failed && stdout.startsWith('temporal version') ? stdout.trim() : null;
}

/**
 * Finds the `temporal` binary or installs it, by the first way that works.
 *
 * @param onNotice gets one line a step that was taken; none when the binary is there
 * @param patient whether compiling it, which takes minutes, is among the ways
 * @returns null when every way failed
 */
export async function provideTemporalBinary(
  onNotice: (line: string) => void,
  patient: boolean,
): Promise<string | null> {
  const found = await findTemporalBinary();
  if (found !== null) return found;
  const failures: string[] = [];
  const tools = await firstWritable(toolFolders());
  if (typeof tools !== 'string') {
    onNotice(`Temporal server: none found, and nowhere to install one (${tools.problem})`);
    return null;
  }
  for (const installation of INSTALLATIONS.filter(({ slow }) => patient || !slow)) {
    if (installation.slow && (await isThere('go'))) {
      onNotice(`Temporal server: compiling it by ${installation.name}, which takes some minutes`);
    }
    const failure = await tryToInstall(installation, tools);
    if (failure === null) {
      onNotice(`Temporal server: installed by ${installation.name} into ${shown(tools)}/temporal`);
      return binaryIn(tools);
    }
    failures.push(`${installation.name}: ${failure}`);
  }
  onNotice(`Temporal server: none found, and none could be installed (${failures.join('; ')})`);
  return null;
}

async function isThere(command: string): Promise<boolean> {
  const { failed } = await execa(command, ['version'], { reject: false, timeout: 20_000 });
  return !failed;
}

/** The first of some folders that is there, or can be made, and can be written. */
async function firstWritable(
  folders: readonly string[],
): Promise<string | { readonly problem: string }> {
  const problems: string[] = [];
  for (const folder of folders) {
    try {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
      return folder;
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  return { problem: problems.join('; ') };
}

/** A folder as people see it from the top of the project. */
function shown(folder: string): string {
  const relative = path.relative(PROJECT_ROOT, folder);
  return relative.startsWith('..') ? folder : relative;
}

/** Installs into a folder beside the final one, which therefore is complete or not there. */
async function tryToInstall(installation: Installation, tools: string): Promise<string | null> {
  const own = await mkdtemp(path.join(tools, 'temporal-'));
  // What is made in the temporary folder, its owner's alone, is for whoever may use the program.
  const folder = path.join(own, 'temporal');
  try {
    await mkdir(folder);
    await installation.install(folder);
    const version = await temporalVersion(path.join(folder, 'bin', 'temporal'));
    if (version === null) return 'what it installed does not run';
    const target = path.join(tools, 'temporal');
    await rm(target, { recursive: true, force: true });
    await rename(folder, target);
    return null;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function run(
  command: string,
  arguments_: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  await execa(command, arguments_, {
    cwd: PROJECT_ROOT,
    env: environment,
    stdin: 'ignore',
    timeout: 20 * 60_000,
  });
}

/** The line of a failed command that says what went wrong: the first that speaks of an error, else the last. */
function reasonOf(error: unknown): string {
  const { code, stderr, message } = error as { code?: string; stderr?: string; message: string };
  if (code === 'ENOENT') return 'not on this machine';
  const lines = (stderr === undefined || stderr === '' ? message : stderr).trim().split('\n');
  return (lines.find((line) => /error\b/i.test(line)) ?? lines.at(-1)!).trim().slice(0, 120);
}
