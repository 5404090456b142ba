import type { Finding, Path } from './problems.js';
import type { Setting, Settings } from './settings.js';
import type { AxisName } from './study.js';

/** Something that every point needs and that names say in one of several ways. */
interface Choice {
  readonly what: string;
  readonly ways: readonly Way[];
}

/** Names that say it together. The marks belong to no other way: one of them shows that this way is taken. */
interface Way {
  readonly marks: readonly AxisName[];
  readonly others: readonly AxisName[];
  /** How to take this way, for messages. */
  readonly advice: string;
  /** What it says beside another way, where that is not what the others say. */
  readonly beside?: string;
}

const alone = (name: AxisName): Way => ({ marks: [name], others: [], advice: `\`${name}\`` });

const TWO_CLUSTERS: Way = {
  marks: ['majorityClasses', 'majoritySamples', 'minoritySamples', 'imbalanceRatio'],
  others: ['classes'],
  advice:
    '`classes` and `majorityClasses` with two of `majoritySamples`, `minoritySamples` and `imbalanceRatio`',
};
const LONG_TAIL: Way = {
  marks: ['longTail'],
  others: ['classes'],
  advice: '`classes` with `longTail`',
};
const LAMBDA_W_AND_H: Way = {
  marks: ['lambdaW', 'lambdaH'],
  others: [],
  advice: '`lambdaW` with `lambdaH`',
};
const NORM_BOUNDS: Way = {
  marks: ['normBounds'],
  others: [],
  advice: '`normBounds` in its place',
  beside: 'what keeps W and H small',
};

const CHOICES: readonly Choice[] = [
  {
    what: 'how many samples each class has',
    ways: [TWO_CLUSTERS, LONG_TAIL, alone('clusters'), alone('samples')],
  },
  {
    what: 'what lambda is',
    ways: [
      alone('lambda'),
      alone('lambdaTimesN'),
      alone('lambdaTimesSqrtN'),
      alone('lambdaOverThreshold'),
      LAMBDA_W_AND_H,
      NORM_BOUNDS,
    ],
  },
];

/** Of these, two fix the samples of a majority and a minority. */
const SAMPLE_NAMES = ['majoritySamples', 'minoritySamples', 'imbalanceRatio'] as const;

/** Names of one mapping that say the same thing in two ways, told at the later one. */
export function conflictFindings(settings: Settings): Finding[] {
  return CHOICES.flatMap(({ what, ways }) => {
    const taken = ways
      .filter((way) => takes(settings, way))
      .map((way) => ({ name: firstMark(settings, way), beside: way.beside }))
      .sort((left, right) => order(settings, left.name) - order(settings, right.name));
    const [first, ...later] = taken;
    return later.map(({ name, beside }) =>
      finding(
        'conflict',
        settings.get(name)!,
        `\`${name}\` and \`${first!.name}\` both say ${beside ?? first!.beside ?? what}; keep one`,
      ),
    );
  });
}

/**
 * What a grid says over the defaults: its own names win, and defaults that say the same thing in another way than
 * the grid does are dropped.
 */
export function mergeSettings(defaults: Settings, own: Settings): Settings {
  const ownSampleNames = SAMPLE_NAMES.filter((name) => own.has(name)).length;
  const dropped = (name: AxisName): boolean =>
    (ownSampleNames >= 2 && isSampleName(name)) ||
    CHOICES.some(({ ways }) => {
      const taken = ways.filter((way) => takes(own, way));
      return (
        taken.length > 0 &&
        ways.some((way) => isPartOf(name, way)) &&
        !taken.some((way) => isPartOf(name, way))
      );
    });
  return new Map([...[...defaults].filter(([name]) => !dropped(name)), ...own]);
}

/** What the names of a grid, defaults included, leave open or fix twice. */
export function completenessFindings(settings: Settings, grid: Path): Finding[] {
  const open = CHOICES.filter(({ ways }) => !ways.some((way) => takes(settings, way)));
  return [
    ...open.map(({ what, ways }) => {
      const advice = ways.map((way) => way.advice).join(', or ');
      return atGrid(grid, `nothing says ${what}; give ${advice}`);
    }),
    ...(takes(settings, LAMBDA_W_AND_H) ? pairFindings(settings) : []),
    ...(takes(settings, LONG_TAIL) ? missing(settings, grid, ['classes'], '`longTail`') : []),
    ...(takes(settings, TWO_CLUSTERS) ? twoClusterFindings(settings, grid) : []),
  ];
}

function pairFindings(settings: Settings): Finding[] {
  const { marks } = LAMBDA_W_AND_H;
  const classifier = settings.get('classifier');
  // A fixed one has no W to weigh; where the name is not valid, nothing follows from it.
  const isFixed = classifier?.values?.every((value) => value === 'fixed-etf') ?? classifier !== undefined; // prettier-ignore
  const absent = marks.filter((name) => !settings.has(name) && !(isFixed && name === 'lambdaW'));
  return absent.map((name) => {
    const present = marks.find((other) => other !== name)!;
    return finding('underdetermined', settings.get(present)!, `needs \`${name}\` beside it`);
  });
}

function twoClusterFindings(settings: Settings, grid: Path): Finding[] {
  const needed = missing(
    settings,
    grid,
    ['classes', 'majorityClasses'],
    'majority and minority classes',
  );
  const given = SAMPLE_NAMES.filter((name) => settings.has(name));
  if (given.length < 2) {
    const message = `the samples of majority and minority need two of ${named(SAMPLE_NAMES)}`;
    return [
      ...needed,
      atGrid(grid, `${message}; there ${given.length === 1 ? 'is one' : 'are none'}`),
    ];
  }
  if (given.length === 2) return needed;
  const last = given.sort((left, right) => order(settings, left) - order(settings, right)).at(-1)!;
  const message = `any two of ${named(SAMPLE_NAMES)} fix the third; leave one out`;
  return [...needed, finding('conflict', settings.get(last)!, message)];
}

function missing(
  settings: Settings,
  grid: Path,
  names: readonly AxisName[],
  whose: string,
): Finding[] {
  const absent = names.filter((name) => !settings.has(name));
  return absent.map((name) => atGrid(grid, `${whose} need \`${name}\``));
}

const takes = (settings: Settings, way: Way): boolean =>
  way.marks.some((name) => settings.has(name));

const isPartOf = (name: AxisName, way: Way): boolean =>
  way.marks.includes(name) || way.others.includes(name);

const isSampleName = (name: AxisName): boolean =>
  (SAMPLE_NAMES as readonly string[]).includes(name);

const order = (settings: Settings, name: AxisName): number => [...settings.keys()].indexOf(name);

/** The first name as written, among those that show that a way is taken. */
const firstMark = (settings: Settings, way: Way): AxisName =>
  [...settings.keys()].find((name) => way.marks.includes(name))!;

const named = (names: readonly AxisName[]): string => names.map((name) => `\`${name}\``).join(', ');

const finding = (code: Finding['code'], { path }: Setting, message: string): Finding => ({
  code,
  path,
  message,
  at: 'key',
});

const atGrid = (path: Path, message: string): Finding => ({
  code: 'underdetermined',
  path,
  message,
  at: 'value',
});
