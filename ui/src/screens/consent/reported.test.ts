import { expect, test } from 'vitest';
import type { ReportView } from '../../api';
import { due } from './reported';

const report = (more: Partial<ReportView> = {}) => ({ rule_by: '2026-12-04', overdue: false, ...more }) as ReportView;

test('a report is louder the nearer the day is', () => {
  expect(due(report(), '2026-12-01')).toEqual({ tone: 'plain', text: 'Decide by Friday 4 December' });
  expect(due(report(), '2026-12-04').tone).toBe('caution');
  expect(due(report({ overdue: true }), '2026-12-05').tone).toBe('stop');
});
