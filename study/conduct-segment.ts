import type { Changes } from './changes.js';
import type { Segment } from './segment.js';
import { hasEnded, isNews, type SegmentReport } from './segment-report.js';

/**
 * Runs a segment to its end, for somebody who is elsewhere.
 *
 * @param changes those of the segment
 * @param tell gets what is news, one report after the other, the last one included; it never rejects
 * @returns the last report
 */
export async function conductSegment(
  segment: Segment,
  changes: Changes,
  tell: (report: SegmentReport) => Promise<void>,
): Promise<SegmentReport> {
  let told = segment.report;
  void segment.run();
  for (;;) {
    const { report } = segment;
    if (isNews(report, told)) {
      told = report;
      await tell(report);
      if (hasEnded(report)) return report;
    } else {
      await changes.next();
    }
  }
}
