import { isOlder, thisProgram } from '../program.js';

/** What stands beside the workflow of a study, and comes with every description of it. */
export interface StudyMemo {
  /** As whoever started the study sees it. It also tells at once that a key is missing. */
  readonly store: string;
  /** The workflow code that it runs by; see `workflows/bundle.ts`. Null of what an early version began. */
  readonly bundle: string | null;
  /** Of the program that began it. Null where a schedule or an early version did. */
  readonly version: string | null;
  /** How often it was begun anew because its history could not be replayed. */
  readonly replayFaults: number;
}

/** The memo of a study that this program begins. */
export function memoOf(store: string, replayFaults = 0): StudyMemo & Record<string, unknown> {
  return { store, ...thisProgram(), replayFaults };
}

/** Reads a memo, whatever is in it. */
export function readMemo(memo: Readonly<Record<string, unknown>> | undefined): StudyMemo {
  const { store, bundle, version, replayFaults } = memo ?? {};
  return {
    store: textOf(store) ?? '',
    bundle: textOf(bundle),
    version: textOf(version),
    replayFaults: Number.isInteger(replayFaults) ? Math.max(0, replayFaults as number) : 0,
  };
}

/** Whether workflow code of this program would have to go on with a history of other code. */
export function isOfOtherCode({ bundle }: StudyMemo): boolean {
  return bundle !== thisProgram().bundle;
}

/** Whether a newer version of this program runs the study, to which it is left. */
export function isOfNewerCode(memo: StudyMemo): boolean {
  const { version } = memo;
  return isOfOtherCode(memo) && version !== null && isOlder(thisProgram().version, version);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
