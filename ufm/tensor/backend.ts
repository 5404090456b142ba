import { startCpu } from './devices/cpu.js';
import { startLoops } from './devices/loops.js';
import { startNative } from './devices/native.js';
import type { StartedBackend } from './devices/start.js';
import { startWasm } from './devices/wasm.js';
import { startWebGpu } from './devices/webgpu.js';

/** What a person can ask for; `auto` takes the first of the others that works here, which loops always do. */
export const DEVICE_CHOICES = ['auto', 'native', 'webgpu', 'loops', 'wasm', 'cpu'] as const;

export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** From the best down. */
const ABOVE_LOOPS = ['native', 'webgpu'] as const satisfies readonly DeviceChoice[];
const LADDER = [...ABOVE_LOOPS, 'loops', 'wasm', 'cpu'] as const satisfies readonly DeviceChoice[];

type Rung = (typeof LADDER)[number];

interface Rejection {
  readonly name: Rung;
  readonly reason: string;
}

export interface ChosenBackend extends StartedBackend {
  /** Every other one, from the best down, and why it is not used. */
  readonly rejected: readonly Rejection[];
}

/** Each starts its backend, or throws what a person should know. */
const starters: Record<Rung, () => Promise<StartedBackend>> = {
  native: startNative,
  webgpu: startWebGpu,
  loops: startLoops,
  wasm: startWasm,
  cpu: startCpu,
};

/** GPUs that are none: they work, but loops are faster. */
const softwareRenderers = /llvmpipe|lavapipe|swiftshader|software/iu;

/** What runs on this thread: TensorFlow.js has one backend a thread. */
let current: { readonly wanted: DeviceChoice; readonly chosen: Promise<ChosenBackend> } | null =
  null;

/**
 * Starts the tensor backend of this thread, unless it is running. An explicit choice that is absent is an error that
 * says how to get it; `auto` goes down the ladder native TensorFlow, WebGPU, plain loops, which beat the other
 * backends on a CPU.
 */
export function chooseBackend(wanted: DeviceChoice): Promise<ChosenBackend> {
  if (current?.wanted !== wanted) {
    current = { wanted, chosen: wanted === 'auto' ? goDown() : insistOn(wanted) };
  }
  return current.chosen;
}

async function insistOn(wanted: Rung): Promise<ChosenBackend> {
  const started = await starters[wanted]();
  const others = LADDER.filter((name) => name !== wanted);
  return {
    ...started,
    rejected: others.map((name) => ({ name, reason: `${wanted} was asked for` })),
  };
}

/** Starts the first of those above plain loops that does, else plain loops, which need nothing. */
async function goDown(): Promise<ChosenBackend> {
  const rejected: Rejection[] = [];
  for (const name of ABOVE_LOOPS) {
    try {
      const started = await startHardware(name);
      return { ...started, rejected: [...rejected, ...below(name)] };
    } catch (error) {
      rejected.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { ...(await startLoops()), rejected: [...rejected, ...below('loops')] };
}

async function startHardware(name: Rung): Promise<StartedBackend> {
  const started = await starters[name]();
  if (softwareRenderers.test(started.device)) {
    throw new Error(`${started.device} renders in software, slower than loops`);
  }
  return started;
}

function below(name: Rung): Rejection[] {
  return LADDER.slice(LADDER.indexOf(name) + 1).map((other) => ({
    name: other,
    reason: `${name} comes first`,
  }));
}
