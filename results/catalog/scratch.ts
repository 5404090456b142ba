import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogFile } from './coverage.js';
import type { MadeVolume } from './gather.js';

/** Volumes and packs of one process alone: of what is new, and of a store that it may not write. */
export class Scratch {
  readonly volumes: CatalogFile[] = [];
  /** Paths on this machine, by id. */
  readonly packs = new Map<string, string>();
  readonly #folder: string;

  /** @param folder that goes with the database */
  constructor(folder: string) {
    this.#folder = folder;
  }

  keep({ id, volume, pack }: MadeVolume): void {
    this.volumes.push({ id, localPath: this.#write('volumes', id, volume) });
    if (pack !== null) this.packs.set(id, this.#write('packs', id, pack));
  }

  #write(kind: string, id: string, bytes: Uint8Array): string {
    const folder = join(this.#folder, kind);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${id}.parquet`);
    writeFileSync(path, bytes);
    return path;
  }
}
