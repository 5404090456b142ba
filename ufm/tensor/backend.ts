import { readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';

/** What a person can ask for; `auto` takes the first of the others that works here, which loops always do. */
export const DEVICE_CHOICES = ['auto', 'native', 'webgpu', 'loops', 'wasm', 'cpu'] as const;

export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

export interface ChosenBackend {
  /** Name in rows: `tensorflow`, `webgpu`, `loops`, `wasm` or `cpu`. */
  readonly backend: string;
  /** The device by name: `cpu`, or what the driver calls a GPU. */
  readonly device: string;
  /** The better ones that `auto` passed over, and why. */
  readonly rejected: readonly { readonly name: string; readonly reason: string }[];
}

type Rung = Exclude<DeviceChoice, 'auto'>;

/** Each starts its backend, or throws what a person should know. */
const starters: Record<Rung, () => Promise<Omit<ChosenBackend, 'rejected'>>> = {
  native: startNative,
  webgpu: startWebGpu,
  loops: startLoops,
  wasm: startWasm,
  cpu: startCpu,
};

/** What runs on this thread: TensorFlow.js has one backend a thread. */
let current: { readonly wanted: DeviceChoice; readonly chosen: Promise<ChosenBackend> } | null =
  null;

/**
 * Starts the tensor backend of this thread, unless it is running. An explicit choice that is absent is an error that
 * says how to get it; `auto` goes down the ladder native TensorFlow, WebGPU, plain loops, which beat the other
 * backends on a CPU.
 */
export function chooseBackend(wanted: DeviceChoice): Promise<ChosenBackend> {
  if (current?.wanted !== wanted) current = { wanted, chosen: choose(wanted) };
  return current.chosen;
}

async function choose(wanted: DeviceChoice): Promise<ChosenBackend> {
  if (wanted !== 'auto') return { ...(await starters[wanted]()), rejected: [] };
  const rejected: { name: string; reason: string }[] = [];
  for (const name of ['native', 'webgpu'] as const) {
    try {
      const chosen = await starters[name]();
      if (!softwareRenderers.test(chosen.device)) return { ...chosen, rejected };
      rejected.push({ name, reason: `${chosen.device} renders in software, slower than loops` });
    } catch (error) {
      rejected.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { ...(await startLoops()), rejected };
}

/** GPUs that are none: they work, but loops are faster. */
const softwareRenderers = /llvmpipe|lavapipe|swiftshader|software/iu;

/** Packages that are not dependencies: their install scripts fetch binaries that many machines cannot reach. */
const nativePackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

async function startNative() {
  const reasons: string[] = [];
  for (const name of nativePackages) {
    try {
      await import(name);
      await start('tensorflow');
      const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean };
      return { backend: 'tensorflow', device: isUsingGpuDevice === true ? nvidiaName() : 'cpu' };
    } catch (error) {
      reasons.push(`${name}: ${reasonOf(error)}`);
    }
  }
  throw new Error(
    `native TensorFlow does not load (${reasons.join('; ')}). ` +
      'Install it with: npm install --no-save @tensorflow/tfjs-node-gpu@4.22.0 (or @tensorflow/tfjs-node@4.22.0 without a GPU)',
  );
}

/** The parts of npm's `webgpu` (Dawn) and of its adapters that are used here. */
interface Dawn {
  readonly create: (options: string[]) => Gpu;
  readonly globals: Record<string, unknown>;
}

interface Gpu {
  requestAdapter(): Promise<{ readonly info: GpuInfo } | null>;
}

interface GpuInfo {
  readonly description: string;
  readonly device: string;
  readonly vendor: string;
}

async function startWebGpu() {
  const install =
    'Install it with: npm install --no-save webgpu @tensorflow/tfjs-backend-webgpu@4.22.0, on a machine with a Vulkan, Metal or Direct3D 12 driver';
  const packages: string[] = ['webgpu', '@tensorflow/tfjs-backend-webgpu'];
  const [dawn] = (await Promise.all(packages.map((name) => import(name))).catch(
    (error: unknown) => {
      throw new Error(`WebGPU does not load (${reasonOf(error)}). ${install}`);
    },
  )) as [Dawn, unknown];
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error(`WebGPU finds no GPU here. ${install}`);
  await start('webgpu');
  const { description, device, vendor } = adapter.info;
  return { backend: 'webgpu', device: description || device || vendor };
}

function startLoops() {
  return Promise.resolve({ backend: 'loops', device: 'cpu' });
}

async function startWasm() {
  await import('@tensorflow/tfjs-backend-wasm');
  await withoutProcessListeners(() => start('wasm'));
  return { backend: 'wasm', device: 'cpu' };
}

async function startCpu() {
  await import('@tensorflow/tfjs-backend-cpu');
  await start('cpu');
  return { backend: 'cpu', device: 'cpu' };
}

async function start(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} does not start here`);
  await tf.ready();
}

/** Emscripten's start-up listens for uncaught errors and throws them again, which ends the process: not here. */
async function withoutProcessListeners(action: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = new Map(events.map((event) => [event, new Set(process.rawListeners(event))]));
  await action();
  for (const event of events) {
    for (const listener of process.rawListeners(event)) {
      if (!before.get(event)!.has(listener)) {
        process.removeListener(event, listener as (...values: unknown[]) => void);
      }
    }
  }
}

/** The model of the first NVIDIA GPU as its driver tells it, `gpu` where it does not. */
function nvidiaName(): string {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    const [first] = readdirSync(folder);
    const information = readFileSync(`${folder}/${first ?? ''}/information`, 'utf8');
    return /^Model:\s*(.+)$/mu.exec(information)?.[1] ?? 'gpu';
  } catch {
    return 'gpu';
  }
}

/** Why a package does not load, in a line. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' ? 'not installed' : message.split('\n')[0]!;
}
