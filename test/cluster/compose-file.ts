import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { projectFile } from '../cli/command.js';

/** Of a service of infra/containers/compose.yaml: what the tests look at. */
export interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly build?: {
    readonly context: string;
    readonly dockerfile: string;
    readonly args: Readonly<Record<string, string>>;
    readonly target: string;
  };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly restart?: string;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly security_opt?: readonly string[];
  readonly pids_limit?: number;
  readonly mem_limit?: string;
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export async function readCompose(): Promise<Compose> {
  const text = await readFile(projectFile('infra/containers/compose.yaml'), 'utf8');
  return parse(text, { merge: true }) as Compose;
}
