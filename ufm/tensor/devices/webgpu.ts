import { reasonOf, start, type StartedBackend } from './start.js';

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

const packages = { dawn: 'webgpu', backend: '@tensorflow/tfjs-backend-webgpu' };

/** WebGPU by Dawn, on whatever GPU has a driver. */
export async function startWebGpu(): Promise<StartedBackend> {
  const dawn = (await load(packages.dawn)) as Dawn;
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) {
    throw new Error('WebGPU finds no GPU here: it needs a Vulkan, Metal or Direct3D 12 driver');
  }
  // The backend registers when it is imported, and only where a navigator has a GPU by then.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  await load(packages.backend);
  await start('webgpu');
  const { description, device, vendor } = adapter.info;
  return { backend: 'webgpu', device: description || device || vendor };
}

async function load(name: string): Promise<unknown> {
  try {
    return (await import(name)) as unknown;
  } catch (error) {
    throw new Error(
      `WebGPU does not load (${reasonOf(error)}). Get it with: ` +
        'npm install --no-save webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0',
    );
  }
}
