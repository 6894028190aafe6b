import { expect, test } from 'vitest';
import type { MemberView } from '../../api';
import { personForm } from './person';

test('dates stand in the form as people write them', () => {
  const member = { birth_date: '2024-04-03', due_date: null, phone: null, role: 'child' } as unknown as MemberView;
  expect(personForm(member)).toMatchObject({ birth_date: '3 Apr 2024', due_date: '', phone: '' });
});
