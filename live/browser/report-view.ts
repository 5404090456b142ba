import { element } from './element.js';
import { askForText } from './server.js';

/** The report of what has landed. Of a new one only the sections that say something else are put in place. */
export class ReportView {
  readonly root = element('div', { class: 'report' });
  readonly #path: string;
  readonly #summary = element(
    'div',
    {},
    element('p', { class: 'soft' }, 'The report comes as soon as what has landed was read.'),
  );
  readonly #sections = element('main');
  #version: string | null = null;

  constructor(path: string) {
    this.#path = path;
    this.root.append(this.#summary, this.#sections);
  }

  /** @param version of the newest report, null before there is one */
  async show(version: string | null): Promise<void> {
    if (version === null || version === this.#version) return;
    // Its scripts, if it had any, would not run here: this page allows its own only.
    const page = new DOMParser().parseFromString(await askForText(this.#path), 'text/html');
    replace(
      this.#summary,
      page.querySelectorAll('header > .warning, header > .lead, header > nav'),
    );
    replace(this.#sections, page.querySelectorAll('main > section'));
    this.#version = version;
  }
}

/** Makes the children equal to others, and leaves alone those that are so already: who reads on is not disturbed. */
function replace(parent: Element, wanted: Iterable<Element>): void {
  let next = parent.firstElementChild;
  for (const child of wanted) {
    const same = equalFrom(next, child);
    if (same === null) {
      parent.insertBefore(document.adoptNode(child), next);
      continue;
    }
    for (; next !== same; next = removed(next!));
    next = same.nextElementSibling;
  }
  while (next !== null) next = removed(next);
}

/** The first of an element and its following siblings that is equal to another; null when none is. */
function equalFrom(first: Element | null, other: Element): Element | null {
  let each = first;
  while (each !== null && !each.isEqualNode(other)) each = each.nextElementSibling;
  return each;
}

/** Removes an element, and returns what stood after it. */
function removed(gone: Element): Element | null {
  const next = gone.nextElementSibling;
  gone.remove();
  return next;
}
