import { parseInstanceLine } from '../../cli/instance-lines.js';
import { parsePageRecord } from '../../live/page-record.js';
import { BLANK_DIGEST, DamagedFileError, stamp } from '../../results/checksum.js';
import { contentName } from '../../results/content-named.js';
import {
  encodeManifest,
  encodePointer,
  readManifest,
  readPointer,
} from '../../results/manifest.js';
import { decodePart, encodePart } from '../../results/part.js';
import { manifestPath } from '../../results/paths.js';
import { findSeal } from '../../results/seal.js';
import { MARKER_PATH, NotAStore, storeId } from '../../results/store-identity.js';
import type { Store } from '../../results/store.js';
import { readResolved } from '../../results/studies.js';
import { specHash } from '../../study/key.js';
import { formatProblems, parseStudy } from '../../study/parse.js';
import { parseLocalRecord } from '../../workers/engines/local-record.js';
import { sampleRow } from '../results/sample-rows.js';
import { mutatedBytes, mutatedText, type Draw } from './mutations.js';

/** Whether a reader took an input for what it should be. Anything that a reader throws otherwise is a fault. */
export type Verdict = 'accepted' | 'refused';

/** Something that is read from outside. */
export interface Target {
  /** Makes an input that is nearly right, and reads it. */
  try(draw: Draw): Verdict | Promise<Verdict>;
}

const STUDY = `version: 1
name: s
defaults: &d { classes: 10, majorityClasses: 5, lambdaB: [none, 0.02] }
solver: { kind: exact, tolerance: 1e-8, polish: true }
shardSize: auto
grids:
  - name: a
    majoritySamples: { from: 100, to: 400, step: 100 }
    minoritySamples: [10, 20, 30, 40]
    zip: [majoritySamples, minoritySamples]
    lambda: [0.001, { from: 0.01, to: 0.1, points: 4, scale: log }]
    exclude: [{ lambda: 0.001, lambdaB: 0.02 }]
    locate: { along: lambda, tolerance: 1e-3 }
  - { name: b, clusters: [[3, 500], [7, 100]], sampleScale: [1, 2, 4, 8], lambdaTimesN: 0.1, fitLimit: { along: sampleScale } }
  - { name: d, clusters: [[3, 500], [7, 100]], lambda: 0.1, classWeights: [{ exponent: 0.5 }, [1, 2]], margins: { largest: 1, exponent: 0.25 }, labelSmoothing: 0.1, labelNoise: { from: 0, to: 0.5, points: 3 }, logitAdjustment: -1, logitScales: [1, 0.5], featurePenalties: { exponent: 1 } }
  - { name: e, clusters: [[3, 500], [7, 100]], normBounds: { w: 1, h: 5 }, features: signed, classifier: learned, loss: cross-entropy, lambdaB: none }
  - { name: f, clusters: [[3, 500], [7, 100]], lambda: 0.1, loss: [squared-error, cross-entropy], lambdaB: 0 }
  - { name: c, longTail: { largest: 500, ratio: 100 }, lambdaW: 0.1, lambdaH: 0.2, seed: [1, 2, 3], form: per-sample }
`;
const LINE = `{"id": {"n": 12345678901234567890}, "clusters": [[5, 500], [5, 100]], "lambda_W": 0.003, "lambda_H": 1e-2, "lambda_b": null, "feature_dim": 10, "form": "class-means", "solver": "exact", "seed": 1, "tolerance": 1e-6, "polish": true}`;
const REMEDIES_LINE = `{"clusters": [[5, 500], [5, 100]], "lambda": 0.003, "class_weights": [0.6, 3.0], "label_smoothing": 0.1, "label_noise": 0.2, "logit_adjustment": -1, "margins": [0.3, 0.5], "logit_scales": [1, 0.5], "feature_penalties": [0.01, 0.1]}`;
const MODEL_LINE = `{"clusters": [[5, 500], [5, 100]], "bound_w": 1, "bound_h": 5, "loss": "cross-entropy", "features": "signed", "classifier": "learned"}`;
const LINES = [LINE, REMEDIES_LINE, MODEL_LINE];

const parsed = parseStudy(STUDY, 's.yaml');
if (!parsed.ok) throw new Error(formatProblems('s.yaml', parsed.problems));
const VERSION = { study: 's', specHash: specHash(parsed.study) };
const STUDY_JSON = JSON.stringify(parsed.study);
const MARKER = JSON.stringify({ format: 'ufm-sweep store', version: 1, id: '0'.repeat(32) });
const PAGE = JSON.stringify({ port: 8080, token: 'a'.repeat(43) });
const COUNTS = { total: 9, done: 3, failed: 1 };
const LOCAL = JSON.stringify({
  process: '12 34',
  progress: { stage: 'solving', round: 0, paused: false, points: { ...COUNTS, cached: 1 }, shards: { ...COUNTS, inFlight: 2 }, shardFailure: null },
}); // prettier-ignore
const NAMES = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(32));
const PLAN = { round: 1, numericalVersion: 4, points: 99, shards: 17, shardsPerPage: 8 };
const MANIFEST = Buffer.from(encodeManifest({ ...PLAN, pages: NAMES })).toString();
const POINTER = Buffer.from(encodePointer(NAMES[0]!)).toString();
const PART = encodePart(Array.from({ length: 4 }, (_, index) => sampleRow(index)));

/** The longest message: what is told of a file fits on a few screens. */
const LONGEST_MESSAGE = 50_000;

/** Everything that is parsed and that somebody else may have written. */
export const TARGETS: Readonly<Record<string, Target>> = {
  'study file': {
    try: (draw) => {
      const result = parseStudy(mutatedText(STUDY, draw), 's.yaml');
      return result.ok ? 'accepted' : refused(formatProblems('s.yaml', result.problems));
    },
  },
  'solve line': {
    try: (draw) => {
      const text = mutatedText(LINES[draw(0, LINES.length - 1)]!, draw).replaceAll('\n', ' ');
      const result = parseInstanceLine({ number: 1, text }, { tolerance: 1e-6, polish: true });
      return result.ok ? 'accepted' : refused(result.message);
    },
  },
  'study.json': {
    try: (draw) =>
      unless(DamagedFileError, () => {
        readResolved(Buffer.from(mutatedText(STUDY_JSON, draw)), VERSION, 'study.json');
      }),
  },
  'ufm-store.json': {
    try: (draw) => {
      const read = (path: string) =>
        Promise.resolve(path === MARKER_PATH ? Buffer.from(mutatedText(MARKER, draw)) : null);
      // An identity that was read once is remembered by the address.
      const url = `store-${draw(0, 2 ** 31 - 1)}`;
      return unless(NotAStore, () => storeId({ url, read } as Partial<Store> as Store));
    },
  },
  'page.json': {
    try: (draw) => (parsePageRecord(mutatedText(PAGE, draw)) === null ? 'refused' : 'accepted'),
  },
  'local record': {
    try: (draw) => (parseLocalRecord(mutatedText(LOCAL, draw)) === null ? 'refused' : 'accepted'),
  },
  manifest: {
    try: (draw) =>
      unless(DamagedFileError, () => {
        const bytes = Buffer.from(mutatedText(MANIFEST, draw));
        // Damage that is found by the name is no matter.
        readManifest(manifestPath(VERSION, contentName(bytes)), bytes);
      }),
  },
  pointer: {
    try: (draw) =>
      unless(DamagedFileError, () => {
        readPointer(Buffer.from(mutatedText(POINTER, draw)));
      }),
  },
  part: {
    try: (draw) =>
      unless(DamagedFileError, () => {
        const bytes = mutatedBytes(PART, draw);
        // Damage that is found by the seal is no matter: half of the files have a right one.
        decodePart(draw(0, 1) === 0 ? bytes : resealed(bytes));
      }),
  },
};

function refused(message: string): Verdict {
  if (message === '' || message.length > LONGEST_MESSAGE || /\n +at /.test(message)) {
    throw new Error(
      `refused with a message of ${message.length} characters: ${message.slice(0, 200)}`,
    );
  }
  return 'refused';
}

async function unless(
  kind: abstract new (...words: never[]) => Error,
  read: () => unknown,
): Promise<Verdict> {
  try {
    await read();
    return 'accepted';
  } catch (error) {
    if (error instanceof kind) return refused(error.message);
    throw error;
  }
}

function resealed(bytes: Buffer): Uint8Array {
  const seal = findSeal(bytes);
  if (seal === null) return bytes;
  bytes.write(BLANK_DIGEST, seal.offset, 'latin1');
  return findSeal(bytes)?.digest === BLANK_DIGEST ? stamp(bytes) : bytes;
}
