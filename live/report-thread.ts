import { createHash } from 'node:crypto';
import { reportData } from '../analysis/analyze.js';
import { reportPage } from '../analysis/report/page.js';
import { openDatabase } from '../results/database.js';
import type { Trusted } from '../results/intact-files.js';
import { openStore } from '../results/open-store.js';
import { loadStudy } from '../results/studies.js';
import type { StudyReference } from '../study/orchestration.js';
import { readLanded, type Landed } from './landed.js';

/** What the rows of a study say, and the report of it. */
export interface LandedReport extends Landed {
  /** Equal reports have equal names. */
  readonly version: string;
  /** The report, a whole page. */
  readonly html: string;
}

/** What was found intact, by store; a thread lives as long as its server. */
const trusted = new Map<string, Trusted>();

/** Makes the report of what has landed, in a thread: of a large study it takes seconds of computing. */
export default async function readReport(reference: StudyReference): Promise<LandedReport> {
  const store = openStore(reference.store);
  const known = trusted.get(store.url) ?? new Map<string, string>();
  trusted.set(store.url, known);
  const study = await loadStudy(store, reference);
  const database = await openDatabase(store, reference, { trusted: known });
  try {
    const html = reportPage(await reportData(store, reference, study, database));
    const version = createHash('sha256').update(html).digest('hex').slice(0, 16);
    return { ...(await readLanded(database)), version, html };
  } finally {
    database.close();
  }
}
