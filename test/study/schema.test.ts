import { describe, expect, it } from 'vitest';
import { AXES } from '../../study/axes.js';
import { studyJsonSchema, studySchema } from '../../study/schema.js';
import { AXIS_NAMES } from '../../study/study.js';

/** The parts of a JSON Schema that are looked at here. */
interface Node {
  readonly $schema?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly $defs?: Readonly<Record<string, Node>>;
}

describe('the JSON Schema of study files', () => {
  const schema = studyJsonSchema() as Node;
  const grid = schema.properties?.['grids']?.items;

  it('is plain JSON of draft 2020-12', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it('requires what has no default, and knows every key', () => {
    expect(schema.required).toEqual(['version', 'name', 'grids']);
    expect(Object.keys(schema.properties ?? {})).toEqual(Object.keys(studySchema.shape));
    expect(grid?.required).toEqual(['name']);
    expect([schema.additionalProperties, grid?.additionalProperties]).toEqual([false, false]);
  });

  it('explains every axis', () => {
    for (const name of AXIS_NAMES) {
      expect(grid?.properties?.[name]?.$ref).toBe(`#/$defs/${name}`);
      expect(schema.$defs?.[name]?.description).toBe(AXES[name].meaning);
    }
  });

  it('stays small enough to read', () => {
    expect(JSON.stringify(schema).length).toBeLessThan(48_000);
  });
});

describe('the name of a study', () => {
  const messages = (name: string): string[] =>
    studySchema.shape.name.safeParse(name).error?.issues.map(({ message }) => message) ?? [];

  it.each(['nul', 'CON', 'com1.txt', 'Lpt9'])('is not %s, a device of Windows', (name) => {
    expect(messages(name)).toEqual([expect.stringMatching(/device of Windows/)]);
  });

  it('does not end in a dot, and may otherwise have them', () => {
    expect(messages('study.')).toEqual([expect.stringMatching(/end in a dot/)]);
    for (const name of ['v1.2', 'console', 'null', 'com10']) expect(messages(name)).toEqual([]);
  });
});
