import { z } from 'zod';
import { MAXIMUM_ROUNDS } from '../study/conductor.js';
import { DamagedFileError } from './checksum.js';
import { requireNamed } from './content-named.js';
import { pagePath, type StudyVersion } from './paths.js';

/** Of pages and of manifests; see `contentName`. */
const NAME = /^[0-9a-f]{32}$/;
const COUNT = z.int().min(0);

/** The most bytes of a manifest, of which a page takes 35: of 50 million shards. */
export const LARGEST_MANIFEST = 256_000_000;

const MANIFEST = z
  .object({
    format: z.literal('ufm-sweep plan'),
    version: z.literal(1),
    round: COUNT.max(MAXIMUM_ROUNDS),
    /** Of the keys of its points. */
    numericalVersion: COUNT.max(999_999),
    /** Points of the round; equal ones count once. */
    points: COUNT,
    shards: COUNT,
    shardsPerPage: COUNT.min(1).max(1000),
    /** In the order of the shards, then those of points that nobody has to solve. */
    // As one value: of a million names that are none the first says enough.
    pages: z.custom<readonly string[]>(isListOfNames, 'it has no list of pages'),
  })
  .refine(({ shards, shardsPerPage, pages }) => pages.length >= Math.ceil(shards / shardsPerPage), {
    error: 'it has more shards than its pages hold',
  });

/** What a plan of a round consists of. Immutable, and named by its content. */
export type Manifest = Readonly<z.infer<typeof MANIFEST>>;

/** Equal plans give equal bytes. */
export function encodeManifest(plan: Omit<Manifest, 'format' | 'version'>): Uint8Array {
  const { round, numericalVersion, points, shards, shardsPerPage, pages } = plan;
  const manifest = {
    format: 'ufm-sweep plan',
    version: 1,
    round,
    numericalVersion,
    points,
    shards,
    shardsPerPage,
    pages,
  } satisfies Manifest;
  return Buffer.from(`${JSON.stringify(manifest)}\n`);
}

/**
 * @param path of the manifest, which holds it to its content
 * @throws DamagedFileError when it is none, or not the one of its name
 */
export function readManifest(path: string, bytes: Uint8Array): Manifest {
  requireNamed(path, bytes);
  return parsed(MANIFEST, bytes);
}

/** The page of a shard; null when the plan has no such shard. */
export function pageOfShard(
  version: StudyVersion,
  { shards, shardsPerPage, pages }: Manifest,
  shard: number,
): { readonly path: string; readonly rowGroup: number } | null {
  if (shard >= shards) return null;
  return {
    path: pagePath(version, pages[Math.floor(shard / shardsPerPage)]!),
    rowGroup: shard % shardsPerPage,
  };
}

/** The most bytes of a pointer. */
export const LARGEST_POINTER = 4096;

const POINTER = z.object({
  format: z.literal('ufm-sweep current plan'),
  version: z.literal(1),
  manifest: z.string().regex(NAME),
});

/** @param manifest its name */
export function encodePointer(manifest: string): Uint8Array {
  const pointer = {
    format: 'ufm-sweep current plan',
    version: 1,
    manifest,
  } satisfies z.infer<typeof POINTER>;
  return Buffer.from(`${JSON.stringify(pointer)}\n`);
}

/**
 * @returns the name of the manifest that counts
 * @throws DamagedFileError when it is no pointer
 */
export function readPointer(bytes: Uint8Array): string {
  return parsed(POINTER, bytes).manifest;
}

function isListOfNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && NAME.test(name));
}

function parsed<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw new DamagedFileError('it is no JSON');
  }
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const [first] = error.issues;
  throw new DamagedFileError(`${first!.path.join('.') || 'it'}: ${first!.message}`);
}
