import { InvalidArgumentError, Option } from 'commander';

/** `--store`, the same for every command that reads or writes results. */
export function storeOption(): Option {
  return new Option('--store <url>', 'folder (or s3://bucket/prefix) of the results')
    .env('UFM_STORE')
    .default('./ufm-results');
}

export function jsonOption(): Option {
  return new Option('--json', 'print one JSON document on stdout').default(false);
}

/** `--yes`, of the commands that expand a study file. */
export function yesOption(): Option {
  return new Option('--yes', 'go on with more than a million points').default(false);
}

export function engineOption(): Option {
  return new Option('--engine <engine>', 'what drives the study')
    .choices(['auto', 'temporal', 'local'])
    .default('auto');
}

export function addressOption(): Option {
  return new Option('--address <host:port>', 'a Temporal server that is running').env(
    'TEMPORAL_ADDRESS',
  );
}

export function deviceOption(): Option {
  return new Option('--device <device>', 'what solves tensors')
    .choices(['auto', 'native', 'webgpu', 'loops', 'wasm', 'cpu'])
    .env('UFM_DEVICE')
    .default('auto');
}

/** Where to listen. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Parses an option that says where to listen, such as `0.0.0.0:8080`, `localhost:0` or `[::1]:8080`. */
export function listenAddress(text: string): ListenAddress {
  const parts = /^(?:\[([\da-f:.]+)\]|([^:\s]+)):(\d+)$/i.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  if (host === undefined || port > 65_535)
    throw new InvalidArgumentError('Not HOST:PORT, such as 127.0.0.1:9464.');
  return { host, port };
}

/** Parses an option that counts something. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('Not a positive integer.');
  return value;
}

/** Parses an option that counts something of which there may be none. */
export function naturalNumber(text: string): number {
  return text === '0' ? 0 : positiveInteger(text);
}

/** Parses an option that is a positive number. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('Not a positive number.');
  return value;
}
