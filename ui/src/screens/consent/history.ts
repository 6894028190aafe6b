import type { ConsentEventView } from '../../api';
import { shortDate } from '../../parts/format';
import { say, t } from '../../words';

// What an entry of somebody's history says.

/** What happened. Who is not held here, or is hidden from this login, is somebody. */
export function sayEvent({ kind, by, doubtful, report, ground, taken_by }: ConsentEventView): string {
  const name = by || t('history-somebody');
  if (kind === 'withdrawal' && report) return t('history-reported', { name });
  if (kind === 'authority_end' && doubtful) return t('history-disputed', { name });
  if (kind === 'authority' && ground === 'understands') return t('history-themself', { name });
  if (kind !== 'ruling') return say('history', kind, { name });
  if (report === 'dismissed') return t('history-dismissed');
  return taken_by === '' ? t('history-upheld-by-county') : t('history-upheld');
}

/** Who wrote it down; what no login did, the county did. */
export function sayTaker({ kind, taken_by: name }: ConsentEventView): string {
  if (name === '') return t('history-by-county');
  return kind === 'decision' || kind === 'withdrawal' ? t('history-taken-by', { name }) : t('history-recorded-by', { name });
}

/** On what ground somebody decides, until when, and why it was judged so, where that is told. */
export function sayGround({ ground, until, why }: ConsentEventView): string[] {
  if (ground === null) return [];
  return [
    ground === 'understands' && why ? t('history-understands', { why }) : say('history-ground', ground),
    ...(until === null ? [] : [t('history-until', { date: shortDate(until) })]),
  ];
}
