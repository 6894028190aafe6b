import type { ReportView } from '../../api';
import { dayName } from '../../parts';
import { t } from '../../words';

// Withdrawals that were reported: when each is due.

export interface Due {
  tone: 'stop' | 'caution' | 'plain';
  text: string;
}

/** By when somebody has to decide; louder the nearer it is. */
export function due({ rule_by, overdue }: ReportView, today: string): Due {
  const date = dayName(rule_by);
  if (overdue) return { tone: 'stop', text: t('reported-overdue', { date }) };
  return rule_by === today ? { tone: 'caution', text: t('reported-due-today') } : { tone: 'plain', text: t('reported-due', { date }) };
}
