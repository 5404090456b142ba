import { rm } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { Command } from 'commander';
import { findTemporalBinary, temporalVersion } from '../infra/temporal-binary.js';
import { whyUnusable } from '../results/usable-place.js';
import { NUMERICAL_VERSION } from '../ufm/numerical-version.js';
import { chooseBackend, type ChosenBackend, type DeviceChoice } from '../ufm/tensor/backend.js';
import { connectClient } from '../workers/server/connection.js';
import { addressSpace, TEMPORAL_NEEDS_BYTES } from '../workers/address-space.js';
import { startEmbeddedServer } from '../workers/server/embedded-server.js';
import { serverFolder } from '../workers/server/state-folder.js';
import { configuredServer } from '../workers/server/server-access.js';
import { isEncryptionRequired, readKeyring } from '../workers/server/keyring.js';
import { EXIT } from './exit-codes.js';
import { addressOption, deviceOption, jsonOption, storeOption } from './options.js';
import { print, printJson } from './output.js';
import { packageVersion } from '../infra/package-file.js';
import { storeAddress } from './known-store.js';

interface Diagnosis {
  readonly versions: {
    readonly 'ufm-sweep': string;
    readonly numerics: number;
    readonly node: string;
  };
  readonly machine: { readonly cores: number; readonly memoryGiB: number };
  readonly tensors: ChosenBackend | { readonly error: string };
  readonly temporal: {
    /** What `run` would use. */
    readonly engine: 'temporal' | 'local';
    readonly reason: string;
    /** Why `run` would fail. */
    readonly error?: string;
  };
  /** What a study could be written to. */
  readonly store: { readonly place: string; readonly error: string | null };
  /** Ids of the keys for payloads, the one that encrypts first; none when payloads are plain. */
  readonly encryption: readonly string[] | { readonly error: string };
}

interface DoctorOptions {
  readonly device: DeviceChoice;
  readonly address?: string;
  readonly store: string;
  readonly json: boolean;
}

/** `ufm-sweep doctor`: what will be used here, and why. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('show devices, backends, Temporal and versions: what will be used, and why')
    .addOption(deviceOption())
    .addOption(addressOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async (options: DoctorOptions) => {
      const diagnosis: Diagnosis = {
        versions: {
          'ufm-sweep': packageVersion(),
          numerics: NUMERICAL_VERSION,
          node: process.versions.node,
        },
        machine: { cores: availableParallelism(), memoryGiB: Math.round(totalmem() / 2 ** 30) },
        tensors: await chooseBackend(options.device).catch((error: unknown) => ({
          error: (error as Error).message,
        })),
        temporal: await diagnoseTemporal(options.address ?? null),
        store: await diagnoseStore(storeAddress(options.store)),
        encryption: diagnoseEncryption(),
      };
      if (options.json) printJson(diagnosis);
      else print(describe(diagnosis));
      if (
        'error' in diagnosis.tensors ||
        'error' in diagnosis.encryption ||
        diagnosis.temporal.error !== undefined ||
        diagnosis.store.error !== null
      )
        process.exitCode = EXIT.failed;
    });
}

function diagnoseEncryption(): Diagnosis['encryption'] {
  try {
    const keyring = readKeyring();
    isEncryptionRequired(keyring);
    return [...keyring.keys()];
  } catch (error) {
    return { error: (error as Error).message };
  }
}

async function diagnoseTemporal(address: string | null): Promise<Diagnosis['temporal']> {
  const access = configuredServer(address);
  if (access !== null) {
    const where = access.connection.address!;
    try {
      const client = await connectClient(access);
      await client.connection.close();
      return {
        engine: 'temporal',
        reason: `the server at ${where} answers, and has the namespace ${access.namespace}`,
      };
    } catch (error) {
      const { message } = error as Error;
      return { engine: 'temporal', reason: message, error: message };
    }
  }
  if (addressSpace() < TEMPORAL_NEEDS_BYTES) {
    return {
      engine: 'local',
      reason: 'the address space is limited to less than 12 GB (ulimit -v)',
    };
  }
  const binary = await findTemporalBinary();
  if (binary === null) {
    return {
      engine: 'local',
      reason: 'no address is configured and there is no `temporal` command',
    };
  }
  const version = await temporalVersion(binary);
  const reason = `an embedded server: ${binary} (${version ?? 'version unknown'})`;
  try {
    await tryServer(binary);
    return { engine: 'temporal', reason: `${reason}, which starts here` };
  } catch (error) {
    return { engine: 'temporal', reason, error: (error as Error).message };
  }
}

/** Starts a server where those of stores are, and stops it. */
async function tryServer(binary: string): Promise<void> {
  const folder = await serverFolder(`doctor://${process.pid}`);
  try {
    await (await startEmbeddedServer({ folder, binary, extraArguments: [] })).stop();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function diagnoseStore(place: string): Promise<Diagnosis['store']> {
  const error = await whyUnusable(place);
  return { place, error };
}

function describe({ versions, machine, tensors, temporal, store, encryption }: Diagnosis): string {
  const chosen =
    'error' in tensors
      ? [`tensor     none: ${tensors.error}`]
      : [
          `tensor     ${tensors.backend} on ${tensors.device}${isNativeOnCpu(tensors) ? ', small batches in plain loops' : ''}`,
          ...tensors.rejected.map(({ name, reason }) => `           not ${name}: ${reason}`),
        ];
  return [
    `ufm-sweep  ${versions['ufm-sweep']} (numerics ${versions.numerics}), Node ${versions.node}`,
    `machine    ${machine.cores} cores, ${machine.memoryGiB} GiB`,
    ...chosen,
    'exact      float64 on the CPU',
    `engine     ${temporal.engine}: ${temporal.reason}`,
    ...(temporal.error === undefined ? [] : [`           but: ${temporal.error}`]),
    `store      ${store.place}${store.error === null ? '' : `, but: ${store.error}`}`,
    `payloads   ${describeEncryption(encryption)}`,
  ].join('\n');
}

function describeEncryption(encryption: Diagnosis['encryption']): string {
  if ('error' in encryption) return `not encrypted: ${encryption.error}`;
  const [first, ...others] = encryption;
  if (first === undefined) return 'not encrypted (UFM_ENCRYPTION_KEYS is not set)';
  const older = others.length === 0 ? '' : `; still decrypting: ${others.join(', ')}`;
  return `encrypted with the key ${first} (AES-256-GCM)${older}`;
}

/** What `auto` shares with plain loops; see `ufm/choose-engine.ts`. */
function isNativeOnCpu({ backend, device }: ChosenBackend): boolean {
  return backend === 'tensorflow' && device === 'cpu';
}
