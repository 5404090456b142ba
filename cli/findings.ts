import type { AnalysisSummary } from '../analysis/summary.js';
import { analysisFolder } from '../results/paths.js';
import type { Store } from '../results/store.js';
import type { StudyReference } from '../study/orchestration.js';

/** What the analysis of a study has written down. */
export interface Findings {
  readonly summary: AnalysisSummary;
  /** Path of the report. */
  readonly report: string;
}

/** The latest findings about a study; null before its first analysis. */
export async function readFindings(
  store: Store,
  reference: StudyReference,
): Promise<Findings | null> {
  const folder = analysisFolder(reference);
  const bytes = await store.read(`${folder}/summary.json`);
  if (bytes === null) return null;
  const summary = JSON.parse(Buffer.from(bytes).toString()) as AnalysisSummary;
  return {
    summary,
    report: await store.localPath(`${folder}/report.html`),
  };
}
