import type { SessionView } from '../../api';

export type Phase = 'later' | 'on' | 'over';

export function phase(session: Pick<SessionView, 'starts_at' | 'ends_at'>, now: number): Phase {
  if (now > Date.parse(session.ends_at)) return 'over';
  return now >= Date.parse(session.starts_at) ? 'on' : 'later';
}

/** As they stand in the day, those that are over last. */
export const currentFirst = (sessions: readonly SessionView[], now: number): SessionView[] =>
  sessions.toSorted((a, b) => Number(phase(a, now) === 'over') - Number(phase(b, now) === 'over'));
