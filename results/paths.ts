import { createHash, randomUUID } from 'node:crypto';
import type { StudyReference } from '../study/orchestration.js';

/** Where things lie in a store; docs/results.md draws the tree. Paths are relative, with forward slashes. */

/** A study in a store whose place is known: its name and the hash of what it says. */
export type StudyVersion = Pick<StudyReference, 'study' | 'specHash'>;

export const PARTS_FOLDER = 'parts';
export const STUDIES_FOLDER = 'studies';
export const QUARANTINE_FOLDER = 'quarantine';
/** Files that are being written; a bucket has none. */
export const TEMPORARY_FOLDER = 'tmp';

/**
 * Names a shard by the points in it: the first 32 hex digits of the SHA-256 of their sorted keys. Two workers that
 * solve the same shard publish under the same name, and the first one wins.
 */
export function shardId(pointKeys: readonly string[]): string {
  return createHash('sha256')
    .update([...pointKeys].sort().join('\n'))
    .digest('hex')
    .slice(0, 32);
}

/**
 * The part of a shard.
 *
 * @param retry 0 for the first; a later one mends points that failed in those before it.
 */
export function partPath(shard: string, retry = 0): string {
  return `${PARTS_FOLDER}/${shard}${retry === 0 ? '' : `-${retry}`}.parquet`;
}

export function studyFolder(study: string): string {
  return `${STUDIES_FOLDER}/${study}`;
}

/** The study file as its author wrote it, the latest. */
export function studyTextPath(study: string): string {
  return `${studyFolder(study)}/study.yaml`;
}

/** The hash of the study that was saved last. */
export function latestPath(study: string): string {
  return `${studyFolder(study)}/latest`;
}

export function versionFolder({ study, specHash }: StudyVersion): string {
  return `${studyFolder(study)}/${specHash}`;
}

/** The study with every default and range written out. */
export function resolvedStudyPath(version: StudyVersion): string {
  return `${versionFolder(version)}/study.json`;
}

export function plansFolder(version: StudyVersion): string {
  return `${versionFolder(version)}/plans`;
}

/** A page of a plan. @param name see `contentName` */
export function pagePath(version: StudyVersion, name: string): string {
  return `${plansFolder(version)}/pages/${name}.parquet`;
}

/** The manifest of a plan, which names its pages. @param name see `contentName` */
export function manifestPath(version: StudyVersion, name: string): string {
  return `${plansFolder(version)}/${name}.json`;
}

/** Pointers, each of which says which plan of a round counts for a numerical version of the solvers. */
export function pointersFolder(version: StudyVersion): string {
  return `${plansFolder(version)}/current`;
}

export function pointerPath(
  version: StudyVersion,
  numericalVersion: number,
  round: number,
): string {
  return `${pointersFolder(version)}/v${numericalVersion}-round-${round}.json`;
}

/** What the name of a pointer says; null where a path names none. */
export function pointerOf(path: string): { numericalVersion: number; round: number } | null {
  const match = /\/plans\/current\/v(0|[1-9]\d{0,5})-round-(0|[1-9]\d?)\.json$/.exec(path);
  return match && { numericalVersion: Number(match[1]), round: Number(match[2]) };
}

/** What is solved of long shards that are not done yet. */
export function piecesFolder(version: StudyVersion): string {
  return `${versionFolder(version)}/pieces`;
}

/** The pieces of one shard, which are read without a look at those of all others. */
export function shardPiecesFolder(version: StudyVersion, shard: string): string {
  return `${piecesFolder(version)}/${shard}`;
}

/** @param first index in the shard of the first point of the piece */
export function piecePath(version: StudyVersion, shard: string, first: number): string {
  return `${shardPiecesFolder(version, shard)}/${first}.parquet`;
}

/** The shard of a part or a piece, by its path; null where that names none. */
export function shardOf(path: string): string | null {
  return /\/([0-9a-f]{32})(?:[-/]\d+)?\.parquet$/.exec(path)?.[1] ?? null;
}

/** A name for a file that is being written. */
export function unfinishedPath(): string {
  return `${TEMPORARY_FOLDER}/ufm-${randomUUID()}`;
}

// Whatever has another name than this program gives is somebody else's: it may be read and told of, and stays.

export function isUnfinishedPath(path: string): boolean {
  return /^tmp\/ufm-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(path);
}

export function isPartPath(path: string): boolean {
  return /^parts\/[0-9a-f]{32}(-[1-9]\d{0,8})?\.parquet$/.test(path);
}

/** Whether a path names a page of a plan, of whichever study. */
export function isPagePath(path: string): boolean {
  return /^studies\/[\w.-]+\/\w+\/plans\/pages\/[0-9a-f]{32}\.parquet$/.test(path);
}

/** Whether a path names a page as the first versions of this program did: those of one plan have 16 digits in common. */
export function isEarlyPagePath(path: string): boolean {
  return /^studies\/[\w.-]+\/\w+\/plans\/[0-9a-f]{16}-\d{1,9}\.parquet$/.test(path);
}

/** Whether a path names a manifest of a plan, of whichever study. */
export function isManifestPath(path: string): boolean {
  return /^studies\/[\w.-]+\/\w+\/plans\/[0-9a-f]{32}\.json$/.test(path);
}

/** Of earlier versions as well, which had the pieces of all shards in one folder: they are swept, and not read. */
export function isPiecePath(path: string): boolean {
  return /^studies\/[\w.-]+\/\w+\/pieces\/[0-9a-f]{32}[-/]\d{1,9}\.parquet$/.test(path);
}

/** What the analysis derived: thresholds, limits, the report. */
export function analysisFolder(version: StudyVersion): string {
  return `${versionFolder(version)}/analysis`;
}
