import type { StudyStatus } from './status.js';

/** What the page's server and its script in the browser say to each other, as JSON. Types only. */

/** `GET /api/studies`. */
export interface StudyList {
  readonly store: string;
  readonly studies: readonly StudyEntry[];
  /** What is wrong with other studies, which cannot be shown. */
  readonly problems: readonly string[];
}

export interface StudyEntry {
  readonly name: string;
  /** Whether something runs it. */
  readonly underWay: boolean;
}

/** `GET /api/studies/<name>`. */
export interface StudyPage {
  readonly status: StudyStatus;
  /** Why the study cannot be paused, resumed or cancelled from here; null when it can. */
  readonly uncontrollable: string | null;
  /** Names what `GET /api/studies/<name>/report` gives; null before the first was made. */
  readonly report: string | null;
}

/** Any answer but one of success. */
export interface ErrorAnswer {
  readonly error: string;
}
