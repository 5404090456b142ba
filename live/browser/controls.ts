import type { StudyStatus } from '../status.js';
import type { Action } from '../study-monitor.js';
import { element, say } from './element.js';
import { ask } from './server.js';

/** The buttons of a study, and why they do nothing where they cannot. */
export class Controls {
  readonly root = element('div', { class: 'controls' });
  readonly #path: string;
  readonly #afterwards: () => Promise<void>;
  readonly #pause = element('button', { type: 'button' }, 'Pause');
  readonly #cancel = element('button', { type: 'button' }, 'Cancel');
  readonly #note = element('p', { class: 'soft', role: 'status' });
  #paused = false;

  /**
   * @param path of the study
   * @param afterwards shows what has become of it
   */
  constructor(path: string, afterwards: () => Promise<void>) {
    this.#path = path;
    this.#afterwards = afterwards;
    this.#pause.addEventListener('click', () => void this.#act(this.#paused ? 'resume' : 'pause'));
    this.#cancel.addEventListener('click', () => {
      const question =
        'Stop the study? What has landed is kept, and ufm-sweep run goes on with it.';
      if (confirm(question)) void this.#act('cancel');
    });
    this.root.append(this.#pause, this.#cancel, this.#note);
  }

  show({ state }: StudyStatus, uncontrollable: string | null): void {
    this.#paused = state === 'paused';
    say(this.#pause, this.#paused ? 'Resume' : 'Pause');
    this.#pause.disabled = this.#cancel.disabled = uncontrollable !== null;
    say(this.#note, uncontrollable ?? '');
  }

  async #act(action: Action): Promise<void> {
    this.#pause.disabled = this.#cancel.disabled = true;
    try {
      await ask(`${this.#path}/${action}`, 'POST');
      await this.#afterwards();
    } catch (error) {
      this.#pause.disabled = this.#cancel.disabled = false;
      say(this.#note, `That did not work: ${(error as Error).message}`);
    }
  }
}
