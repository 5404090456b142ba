import { analyzeStudy } from '../analysis/analyze.js';
import { openOwnStore } from '../results/open-store.js';
import type { StudyReference } from '../study/orchestration.js';
import { note } from './span.js';

/** Analyzes what has landed of a study, and writes what it finds beside it. */
export async function analyze(reference: StudyReference): Promise<void> {
  note({ 'ufm.study': reference.study, 'ufm.spec_hash': reference.specHash });
  await analyzeStudy(await openOwnStore(reference.store), reference);
}
