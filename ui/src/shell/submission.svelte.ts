import { readRefusal, type Problem, type Refusal } from '../api';
import type { Said } from '../parts';
import { errorAt, sayProblem, sayRefusal } from './problems';

/** One form on its way to the core: busy, or sent back with what to put right. */
export class Submission {
  busy = $state(false);
  /** A fresh list each time, so that the error summary takes the focus again. */
  said: Said[] = $state.raw([]);
  problems: Problem[] = $state.raw([]);
  #label: (field: string) => string | null;
  #places: Record<string, string>;

  /** `places`: the field that a code belongs to, where the core refuses the whole without naming one. */
  constructor(label: (field: string) => string | null = () => null, places: Record<string, string> = {}) {
    this.#label = label;
    this.#places = places;
  }

  /** Sends. Answers whether it went through; nothing typed is touched when it did not. */
  async send(work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      await work();
      this.clear();
      return true;
    } catch (reason) {
      this.refuse(readRefusal(reason));
      return false;
    } finally {
      this.busy = false;
    }
  }

  refuse(refusal: Refusal): void {
    const { code, problems } = refusal;
    const field = refusal.field ?? this.#places[code];
    this.problems = problems.length > 0 ? problems : field ? [{ field, code }] : [];
    this.said =
      this.problems.length > 0
        ? this.problems.map((problem) => sayProblem(problem, this.#label))
        : [{ field: null, text: sayRefusal(refusal) }];
  }

  /** Problems that the window itself sees, such as two passwords that differ. */
  hold(said: Said[]): void {
    this.said = said;
  }

  error(field: string): string | null {
    return errorAt(this.problems, field);
  }

  /** What the summary says of a field, whoever saw it. */
  told(field: string): string | null {
    return this.said.find((said) => said.field === field)?.text ?? null;
  }

  clear(): void {
    this.said = [];
    this.problems = [];
  }
}
