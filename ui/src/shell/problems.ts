import type { Problem, Refusal } from '../api';
import type { Said } from '../parts';
import { say } from '../words';

/** The words for a refusal as a whole. */
export function sayRefusal(refusal: Refusal): string {
  return say('refusal', refusal.code);
}

/** One problem as the error summary lists it. */
export function sayProblem(problem: Problem, label: (field: string) => string | null = () => null): Said {
  const text = say('problem', problem.code);
  const name = label(problem.field);
  return { field: problem.field, text: name ? `${name}: ${text}` : text };
}

/** What to show at one field. */
export function errorAt(problems: readonly Problem[], field: string): string | null {
  const problem = problems.find((each) => each.field === field);
  return problem ? say('problem', problem.code) : null;
}
