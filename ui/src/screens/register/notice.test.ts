import { expect, test } from 'vitest';
import { noticeSections } from './notice';

test('headings and what stands below them, and not a word left out', () => {
  expect(noticeSections(['Who we are', 'We are here.', 'Why', 'It is our job.'])).toEqual([
    { heading: 'Who we are', body: 'We are here.' }, { heading: 'Why', body: 'It is our job.' },
  ]);
  expect(noticeSections(['Why'])).toEqual([{ heading: 'Why', body: '' }]);
  expect(noticeSections([])).toEqual([]);
});
