import type { StudyList as List } from '../messages.js';
import { element, say } from './element.js';
import { ask } from './server.js';
import { withToken } from './token.js';
import type { View } from './view.js';

/** The studies of the store, each a link to its page. */
export class StudyList implements View {
  readonly root = element('main');
  readonly #store = element('p', { class: 'soft' });
  readonly #list = element('ul', { class: 'studies' });
  #shown = '';

  constructor() {
    document.title = 'Studies – ufm-sweep';
    this.root.append(element('h1', {}, 'Studies'), this.#store, this.#list);
  }

  async update(): Promise<void> {
    const list = await ask<List>('/api/studies');
    const text = JSON.stringify(list);
    if (text === this.#shown) return;
    this.#shown = text;
    say(this.#store, `of the store ${list.store}`);
    this.#list.replaceChildren(
      ...list.studies.map(({ name, underWay }) =>
        element(
          'li',
          {},
          element('a', { href: withToken(`/studies/${encodeURIComponent(name)}`) }, name),
          ...(underWay ? [' ', element('span', { class: 'state running' }, 'under way')] : []),
        ),
      ),
    );
    this.#list.append(...list.problems.map((problem) => element('li', { class: 'soft' }, problem)));
    if (list.studies.length === 0) this.#list.append(element('li', {}, 'There are none yet.'));
  }
}
