import { availableParallelism, totalmem } from 'node:os';
import { Command } from 'commander';
import { findTemporalBinary, temporalVersion } from '../infra/temporal-binary.js';
import { NUMERICAL_VERSION } from '../ufm/solve.js';
import { chooseBackend, type ChosenBackend, type DeviceChoice } from '../ufm/tensor/backend.js';
import { connectClient } from '../workers/server/connection.js';
import { configuredServer } from '../workers/server/server-access.js';
import { isEncryptionRequired, readKeyring } from '../workers/server/keyring.js';
import { EXIT } from './exit-codes.js';
import { addressOption, deviceOption, jsonOption } from './options.js';
import { print, printJson } from './output.js';
import { packageVersion } from './package-file.js';

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
  };
  /** Ids of the keys for payloads, the one that encrypts first; none when payloads are plain. */
  readonly encryption: readonly string[] | { readonly error: string };
}

/** `ufm-sweep doctor`: what will be used here, and why. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('show devices, backends, Temporal and versions: what will be used, and why')
    .addOption(deviceOption())
    .addOption(addressOption())
    .addOption(jsonOption())
    .action(async (options: { device: DeviceChoice; address?: string; json: boolean }) => {
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
        encryption: diagnoseEncryption(),
      };
      if (options.json) printJson(diagnosis);
      else print(describe(diagnosis));
      if ('error' in diagnosis.tensors || 'error' in diagnosis.encryption)
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
      return { engine: 'temporal', reason: (error as Error).message };
    }
  }
  const binary = await findTemporalBinary();
  if (binary === null) {
    return {
      engine: 'local',
      reason: 'no address is configured and there is no `temporal` command',
    };
  }
  const version = await temporalVersion(binary);
  return {
    engine: 'temporal',
    reason: `an embedded server: ${binary} (${version ?? 'version unknown'})`,
  };
}

function describe({ versions, machine, tensors, temporal, encryption }: Diagnosis): string {
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
