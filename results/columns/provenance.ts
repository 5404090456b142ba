import type { Column } from './column.js';

/** Who solved the point, when, with what. */
export const PROVENANCE_COLUMNS = [
  {
    name: 'attempt',
    type: 'int32',
    nullable: false,
    unit: '1',
    range: '>= 1',
    meaning: 'Which try of its shard solved the point',
    of: ({ provenance }) => provenance.attempt,
  },
  {
    name: 'worker',
    type: 'utf8',
    nullable: false,
    unit: '',
    range: '',
    meaning: 'The worker process that solved the point',
    of: ({ provenance }) => provenance.worker,
  },
  {
    name: 'code_version',
    type: 'utf8',
    nullable: false,
    unit: '',
    range: '',
    meaning: 'Version of the program',
    of: ({ provenance }) => provenance.codeVersion,
  },
  {
    name: 'numerical_version',
    type: 'int32',
    nullable: false,
    unit: '1',
    range: '>= 1',
    meaning:
      'Version of the numerics, part of point_key: it changes when the same instance may get other digits',
    of: ({ provenance }) => provenance.numericalVersion,
  },
  {
    name: 'spec_hash',
    type: 'utf8',
    nullable: false,
    unit: '',
    range: 'hexadecimal digits',
    meaning: 'Hash of the study that asked for the point first',
    of: ({ provenance }) => provenance.specHash,
  },
  {
    name: 'solved_at',
    type: 'timestamp',
    nullable: false,
    unit: 'µs since 1970, UTC',
    range: '',
    meaning: 'When the point was solved, with others of its shard',
    of: ({ provenance }) => provenance.solvedAt,
  },
] as const satisfies readonly Column[];
