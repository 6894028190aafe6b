import type { Problem, Refusal } from '../api';
import type { Said } from '../parts';
import { say, says } from '../words';

/** The words for a refusal as a whole. */
export function sayRefusal(refusal: Refusal): string {
  return say('refusal', refusal.code);
}

/** At a field a code is said shortly, where it has short words. */
export function problemWords(code: string): string {
  return says('problem', code) || !says('refusal', code) ? say('problem', code) : say('refusal', code);
}

/** One problem as the error summary lists it. */
export function sayProblem(problem: Problem, label: (field: string) => string | null = () => null): Said {
  const text = problemWords(problem.code);
  const name = label(problem.field);
  return { field: problem.field, text: name ? `${name}: ${text}` : text };
}

/** What to show at one field. */
export function errorAt(problems: readonly Problem[], field: string): string | null {
  const problem = problems.find((each) => each.field === field);
  return problem ? problemWords(problem.code) : null;
}
