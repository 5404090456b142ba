import type { StudyPage } from '../messages.js';
import { Controls } from './controls.js';
import { element, say } from './element.js';
import { Gauges } from './gauges.js';
import { ReportView } from './report-view.js';
import { ask } from './server.js';
import { withToken } from './token.js';
import type { View } from './view.js';

/** One study: how far it is, what can be done about it, and the report of what has landed. */
export class StudyView implements View {
  readonly root = element('div');
  readonly #path: string;
  readonly #name: string;
  readonly #state = element('span', { class: 'state', role: 'status' });
  readonly #gauges = new Gauges();
  readonly #controls: Controls;
  readonly #report: ReportView;

  constructor(name: string) {
    this.#name = name;
    this.#path = `/api/studies/${encodeURIComponent(name)}`;
    this.#controls = new Controls(this.#path, () => this.update());
    this.#report = new ReportView(`${this.#path}/report`);
    this.root.append(
      element('p', { class: 'up' }, element('a', { href: withToken('/') }, 'All studies')),
      element('h1', {}, name, ' ', this.#state),
      this.#gauges.root,
      this.#controls.root,
      this.#report.root,
    );
  }

  async update(): Promise<void> {
    const { status, uncontrollable, report } = await ask<StudyPage>(this.#path);
    const { total, done, failed } = status.points;
    const percent = total === 0 ? '' : `${Math.floor((100 * (done + failed)) / total)} % `;
    document.title = `${percent}${this.#name} – ufm-sweep`;
    say(this.#state, status.state);
    this.#state.className = `state ${status.state.replace(' ', '-')}`;
    this.#gauges.show(status);
    this.#controls.show(status, uncontrollable);
    await this.#report.show(report);
  }
}
