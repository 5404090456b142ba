import { Presets, SingleBar } from 'cli-progress';
import { RateMeter, type Speed } from '../live/rate.js';
import type { Progress } from '../study/orchestration.js';
import { duration } from './duration.js';
import { obeysCommands, shownValues } from './terminal.js';

/** Shows a study's progress while it runs. Silent where nobody watches. */
export interface ProgressDisplay {
  /**
   * @param speed as measured elsewhere; measured here by default
   * @param details more to say where there is room
   */
  show(progress: Progress, speed?: Speed, details?: readonly string[]): void;
  stop(): void;
}

/** A bar on stderr when that is a terminal; in a pipe, and on a terminal that knows no commands, nothing is said. */
export function progressDisplay(): ProgressDisplay {
  if (!obeysCommands(process.stderr)) return { show: () => undefined, stop: () => undefined };
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
  const meter = new RateMeter();
  let running = false;
  return {
    show(progress, speed = meter.measure(progress, performance.now()), more = []) {
      const { total, done, cached, failed } = progress.points;
      const finished = done + failed;
      const { rate, remainingSeconds } = speed;
      const details = [
        ...(cached > 0 ? [`${cached} reused`] : []),
        ...(failed > 0 ? [`${failed} failed`] : []),
        ...more,
      ];
      const payload = shownValues({
        stage: stageName(progress),
        details: details.join(', '),
        rate: rate === null ? '-' : rate < 10 ? rate.toFixed(1) : Math.round(rate),
        remaining: remainingSeconds === null ? 'unknown' : duration(remainingSeconds),
      });
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
