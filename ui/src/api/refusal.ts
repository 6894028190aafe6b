import type { Code, Problem } from './generated';

export type { Problem };

/** What a command was refused for. The closed set of codes is the core's; the words are in `words/en`. */
export class Refusal extends Error {
  readonly code: Code;
  readonly field: string | null;
  readonly problems: Problem[];
  /** Seconds until it is worth asking again, where the core slows the asker down. */
  readonly retryAfter: number | null;

  constructor(code: Code, field: string | null = null, problems: Problem[] = [], retryAfter: number | null = null) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.field = field;
    this.problems = problems;
    this.retryAfter = retryAfter;
  }
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const { field, code } = value as Record<string, unknown>;
  return typeof field === 'string' && typeof code === 'string';
}

/** Reads a refusal as the core sends it. Anything else means that the core was not reached. */
export function readRefusal(value: unknown): Refusal {
  if (value instanceof Refusal) return value;
  if (typeof value === 'object' && value !== null) {
    const { code, field, problems, retry_after_s } = value as Record<string, unknown>;
    if (typeof code === 'string' && code !== '') {
      return new Refusal(
        code as Code,
        typeof field === 'string' ? field : null,
        Array.isArray(problems) ? problems.filter(isProblem) : [],
        typeof retry_after_s === 'number' ? retry_after_s : null,
      );
    }
  }
  return new Refusal('unreachable');
}
