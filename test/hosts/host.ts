import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { projectFile } from '../cli/command.js';
import { endProcess } from '../end-process.js';

/** Of the Temporal server, in the network of every host. */
const PORT = 7233;

/** A host name, processes, mounts and a network of its own; what is in it ends with the first process. */
const NAMESPACES =
  '--user --map-root-user --uts --mount --net --pid --fork --kill-child --mount-proc';

const SET_UP = 'set -e; hostname "$1"; mount --bind "$2" "$3"; ip link set lo up';

/** Why this machine does not let hosts be made of namespaces; null when it does. */
export function hostsProblem(): string | null {
  const words = [...NAMESPACES.split(' '), 'sh', '-c', SET_UP, 'sh', 'probe', '/usr', '/usr'];
  const { status, stderr, error } = spawnSync('unshare', words, { encoding: 'utf8' });
  if (status === 0) return null;
  return error === undefined ? stderr.trim() : error.message;
}

/** What hosts have in common. */
export interface Site {
  /** Of the whole site; removed by whoever made it. */
  readonly folder: string;
  /** `host:port` of the Temporal server, outside of all hosts. */
  readonly server: string;
}

/** The folder that all hosts mount. */
export const sharedFolder = ({ folder }: Site): string => path.join(folder, 'shared');

/** Where each host mounts it: an empty folder for everybody else. */
export const mountPoint = ({ folder }: Site): string => path.join(folder, 'mount');

/** What the commands of a host printed, and how they ended. */
export interface HostEnding {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A machine, as far as a kernel makes one: processes that see no process of another host, mount the shared folder
 * themselves, and reach the Temporal server by a cable alone.
 */
export class Host {
  readonly ended: Promise<HostEnding>;
  readonly #first: ChildProcess;
  readonly #socket: string;
  readonly #serverPort: number;
  readonly #connections = new Set<Socket>();
  #cable: Server | null = null;

  private constructor(first: ChildProcess, socket: string, serverPort: number) {
    this.#first = first;
    this.#socket = socket;
    this.#serverPort = serverPort;
    this.ended = endingOf(first);
  }

  /**
   * Starts a host that runs `ufm-sweep` once or more often, side by side, until all of them have ended.
   *
   * @param commands the words of each after `ufm-sweep`
   */
  static async start(site: Site, name: string, ...commands: string[][]): Promise<Host> {
    for (const folder of [sharedFolder(site), mountPoint(site)])
      await mkdir(folder, { recursive: true });
    const socket = path.join(site.folder, `${name}.socket`);
    const cable = [process.execPath, path.join(import.meta.dirname, 'cable.mjs'), String(PORT), socket]; // prettier-ignore
    const sweep = [process.execPath, projectFile('dist/cli/main.js')];
    const started = commands.map(
      (words) => `${quoted([...sweep, ...words])} & programs="$programs $!"`,
    );
    const script = [SET_UP, `${quoted(cable)} &`, ...started, 'wait $programs'].join('\n');
    const first = spawn(
      'unshare',
      [...NAMESPACES.split(' '), 'sh', '-c', script, 'sh', name, sharedFolder(site), mountPoint(site)],
      {
        cwd: site.folder,
        env: { ...process.env, TEMPORAL_ADDRESS: `127.0.0.1:${PORT}`, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ); // prettier-ignore
    const serverPort = Number(site.server.split(':')[1]);
    const host = new Host(first, socket, serverPort);
    await host.plugIn();
    return host;
  }

  /** Connects the host with the network outside. */
  async plugIn(): Promise<void> {
    this.#cable = createServer((inner) => {
      const outer = connect(this.#serverPort, '127.0.0.1');
      this.#connections.add(inner);
      pipeline(inner, outer, inner, () => this.#connections.delete(inner));
    }).listen(this.#socket);
    await once(this.#cable, 'listening');
  }

  /** Pulls the cable: what was connected is cut, and nothing connects. */
  async unplug(): Promise<void> {
    const cable = this.#cable;
    if (cable === null) return;
    this.#cable = null;
    for (const connection of this.#connections) connection.destroy();
    const closed = once(cable, 'close');
    cable.close();
    await closed;
  }

  /** As a power cut does: all of its processes are gone at once. */
  async lose(): Promise<void> {
    await endProcess(this.#first);
    await this.unplug();
  }
}

async function endingOf(first: ChildProcess): Promise<HostEnding> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    first[name]!.on('data', (chunk: Buffer) => (texts[name] += chunk.toString()));
  const [code] = (await once(first, 'close')) as [number | null];
  return { code, ...texts };
}

/** Words as a shell takes them apart again. */
function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
}
