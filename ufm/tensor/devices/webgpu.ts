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

const packages = ['webgpu', '@tensorflow/tfjs-backend-webgpu'];

const remedy =
  'Install it with: npm install --no-save webgpu @tensorflow/tfjs-backend-webgpu@4.22.0, on a machine with a Vulkan, Metal or Direct3D 12 driver';

/** WebGPU by Dawn, on whatever GPU has a driver. */
export async function startWebGpu(): Promise<StartedBackend> {
  const [dawn] = (await Promise.all(packages.map((name) => import(name))).catch(
    (error: unknown) => {
      throw new Error(`WebGPU does not load (${reasonOf(error)}). ${remedy}`);
    },
  )) as [Dawn, unknown];
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error(`WebGPU finds no GPU here. ${remedy}`);
  await start('webgpu');
  const { description, device, vendor } = adapter.info;
  return { backend: 'webgpu', device: description || device || vendor };
}
