import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pinned, singleThreaded } from './core.js';

/** A process that answers requests, one JSON line each, one at a time, on the benchmark's core. */
export class ContenderProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #lastWords = '';

  constructor(command: readonly string[]) {
    const [program, ...commandArguments] = pinned(command);
    this.#child = spawn(program!, commandArguments, { env: singleThreaded(process.env) });
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#lastWords = (this.#lastWords + text.toString()).slice(-2000);
    });
    this.#child.on('error', (error) => (this.#lastWords = error.message));
    // Writing to a process that has ended fails here; its missing answer says so better.
    this.#child.stdin.on('error', () => undefined);
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws what the process says is wrong, or its last words when it ended. */
  async request<Answer>(message: object): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
    const next = await this.#answers.next();
    if (next.done === true) throw new Error(`its process ended: ${lastLine(this.#lastWords)}`);
    const answer = JSON.parse(next.value) as Answer | { readonly error: string };
    if (typeof answer === 'object' && answer !== null && 'error' in answer) {
      throw new Error(answer.error);
    }
    return answer;
  }

  close(): void {
    this.#child.kill();
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!;
}
