import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../study/orchestration.js';
import { duration } from './duration.js';

/** Shows a study's progress while it runs. Silent where nobody watches. */
export interface ProgressDisplay {
  show(progress: Progress): void;
  stop(): void;
}

/** A bar on stderr when that is a terminal; in a pipe nothing is said. */
export function progressDisplay(): ProgressDisplay {
  if (!process.stderr.isTTY) return { show: () => undefined, stop: () => undefined };
  const narrow = process.stderr.columns < 80;
  const bar = new SingleBar(
    {
      format: narrow
        ? '{stage} {value}/{total} {rate}/s ETA {remaining}'
        : '{stage} |{bar}| {value}/{total} points  {details}  {rate}/s  ETA {remaining}',
      barsize: 24,
      stream: process.stderr,
      hideCursor: true,
      // Ctrl-C is the study's to handle: it drains before it ends.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  const started = Date.now();
  let running = false;
  return {
    show(progress) {
      const { total, done, cached, failed } = progress.points;
      const finished = done + failed;
      const rate = (finished - cached) / Math.max(1, (Date.now() - started) / 1000);
      const payload = {
        stage: stageName(progress),
        details: [cached > 0 ? `${cached} reused` : '', failed > 0 ? `${failed} failed` : '']
          .filter(Boolean)
          .join(', '),
        rate: rate < 10 ? rate.toFixed(1) : Math.round(rate),
        remaining: rate > 0 ? duration((total - finished) / rate) : 'unknown',
      };
      if (running) {
        bar.setTotal(total);
        bar.update(finished, payload);
      } else {
        bar.start(total, finished, payload);
        running = true;
      }
    },
    stop() {
      if (running) bar.stop();
    },
  };
}

function stageName(progress: Progress): string {
  if (progress.paused) return 'paused   ';
  if (progress.stage === 'solving') {
    return progress.round === 0 ? 'grid     ' : `locate ${progress.round} `;
  }
  return progress.stage.padEnd(9);
}
