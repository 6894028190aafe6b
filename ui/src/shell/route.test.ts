import { expect, test } from 'vitest';
import { readRoute, writeRoute, type Route } from './route.svelte';

test('an address leads where it was written for', () => {
  const routes: Route[] = [
    { page: 'desk' }, { page: 'family', family: 'a-b' }, { page: 'photos', family: 'a-b' }, { page: 'handover', family: 'a-b' },
    { page: 'handover', family: 'a-b', asked: 'publicity_quote' }, { page: 'quotes', family: 'a-b' }, { page: 'quotes', family: null }, { page: 'crowds' },
    { page: 'session-photos', session: 'a-b' }, { page: 'no-photos', session: 'a-b' },
    { page: 'register' }, { page: 'staff' }, { page: 'recovery' }, { page: 'audit' }, { page: 'concerns' }, { page: 'reported' },
    { page: 'publications', shown: 'due' }, { page: 'publications', shown: 'live' }, { page: 'publications', shown: 'ended' },
  ];
  for (const route of routes) expect(readRoute(writeRoute(route))).toEqual(route);
  expect(writeRoute({ page: 'crowds' })).toBe('#/crowds');
  expect(readRoute('#/publications')).toEqual({ page: 'publications', shown: 'due' });
});

test('an address that leads nowhere leads to the desk', () => {
  for (const hash of ['', '#', '#/', '#/family', '#/family//quotes', '#/handover/', '#/session/a-b', '#/session//no-photos', '#/nowhere', '#field-phone']) expect(readRoute(hash)).toEqual({ page: 'desk' });
});
