import type { StudyStatus } from '../status.js';
import { element, say } from './element.js';
import { count, counted, duration, rate } from './format.js';

/** How far a study is: a bar, the numbers, who works on it, and what goes wrong. */
export class Gauges {
  readonly root = element('div', { class: 'gauges' });
  readonly #bar = element('div', {
    class: 'bar',
    role: 'progressbar',
    'aria-label': 'points done',
    'aria-valuemin': '0',
    'aria-valuemax': '100',
  });
  readonly #done = element('div', { class: 'done' });
  readonly #failed = element('div', { class: 'failed' });
  readonly #facts = element('dl', { class: 'facts' });
  readonly #troubles = element('ul', { class: 'troubles', role: 'status' });
  #shownFacts = '';
  #shownTroubles = '';

  constructor() {
    this.#bar.append(this.#done, this.#failed);
    this.root.append(this.#bar, this.#facts, this.#troubles);
  }

  show(status: StudyStatus): void {
    const { total, done, failed } = status.points;
    const percent = (points: number): string => `${total === 0 ? 0 : (100 * points) / total}%`;
    this.#done.style.width = percent(done);
    this.#failed.style.width = percent(failed);
    this.#bar.setAttribute('aria-valuenow', String(Math.floor(Number.parseFloat(percent(done)))));
    this.#showFacts(factsOf(status));
    this.#showTroubles(status.troubles);
  }

  #showFacts(facts: readonly Fact[]): void {
    const shown = facts.map(([label]) => label).join();
    if (shown !== this.#shownFacts) {
      this.#shownFacts = shown;
      this.#facts.replaceChildren(
        ...facts.map(([label]) => element('div', {}, element('dt', {}, label), element('dd'))),
      );
    }
    this.#facts.querySelectorAll('dd').forEach((value, i) => {
      say(value, facts[i]![1]);
    });
  }

  #showTroubles(troubles: readonly string[]): void {
    const shown = troubles.join('\n');
    if (shown === this.#shownTroubles) return;
    this.#shownTroubles = shown;
    this.#troubles.replaceChildren(...troubles.map((line) => element('li', {}, line)));
  }
}

type Fact = readonly [label: string, value: string];

function factsOf(status: StudyStatus): Fact[] {
  const { points, progress, engine, workers, devices } = status;
  const facts: Fact[] = [['Points', `${count(points.done)} of ${count(points.total)}`]];
  if (points.cached > 0) facts.push(['Reused', count(points.cached)]);
  if (points.failed > 0) facts.push(['Failed', count(points.failed)]);
  if (progress !== null) {
    const { stage, round, shards } = progress;
    facts.push(
      ['Rate', status.rate === null ? 'not measured yet' : rate(status.rate)],
      [
        'Remaining',
        status.remainingSeconds === null ? 'unknown' : duration(status.remainingSeconds),
      ],
      ['Stage', round === 0 ? stage : `${stage}, refinement ${round}`],
      [
        'Shards',
        `${count(shards.done)} of ${count(shards.total)}, ${count(shards.inFlight)} in flight`,
      ],
    );
  }
  if (engine === 'local') facts.push(['Engine', 'local, without a server']);
  if (workers.length > 0) {
    facts.push([
      'Workers',
      workers
        .map(
          ({ identity, shards }) =>
            `${identity} (${shards > 0 ? counted(shards, 'shard') : 'idle'})`,
        )
        .join(', '),
    ]);
  }
  if (devices !== null && devices.length > 0) {
    facts.push([
      'Devices',
      devices.map(({ device, points: rows }) => `${device} (${counted(rows, 'point')})`).join(', '),
    ]);
  }
  return facts;
}
