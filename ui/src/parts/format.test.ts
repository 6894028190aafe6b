import { expect, test } from 'vitest';
import { dayOf, lasting, listed, longDate, shortAge, since, spacedPhone, time } from './format';
import { spoken } from '../words';
import { tidyPostcode } from './postcode';

test('times are the county’s, in winter and summer', () => {
  expect(time('2026-11-23T09:30:00.000Z')).toBe('09:30');
  expect(time('2026-07-01T09:30:00.000Z')).toBe('10:30');
  expect(dayOf('2026-07-01T23:30:00.000Z')).toBe('2026-07-02');
});

test('a date without a time is that day', () => {
  expect(longDate('2024-04-03')).toBe('Wednesday 3 April 2024');
  expect(longDate('not a date')).toBe('not a date');
});

test('ages are told in years and months while months matter', () => {
  expect(shortAge({ years: 0, months: 7 })).toBe('7 m');
  expect(shortAge({ years: 2, months: 4 })).toBe('2 y 4 m');
  expect(shortAge({ years: 3, months: 0 })).toBe('3 y');
  expect(shortAge({ years: 34, months: 5 })).toBe('34 y');
});

test('how long ago', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  expect(since('2026-11-23T11:59:40Z', now)).toBe('just now');
  expect(since('2026-11-23T11:56:00Z', now)).toBe('4 minutes ago');
  expect(since('2026-11-22T11:00:00Z', now)).toBe('yesterday');
});

test('how long', () => {
  expect(lasting(20)).toBe('1 minute');
  expect(lasting(-47_100)).toBe('13 hours');
  expect(lasting(400_000)).toBe('5 days');
});

test('telephone numbers as they are read out', () => {
  expect(spacedPhone('07700900123')).toBe('07700 900123');
  expect(spacedPhone('01154960001')).toBe('0115 496 0001');
  expect(spacedPhone('02079460001')).toBe('020 7946 0001');
  expect(spacedPhone('01632960001')).toBe('01632 960001');
  expect(spacedPhone('+33612345678')).toBe('+33612345678');
});

test('names in a row', () => {
  expect(listed(['Amira', 'Zofia', 'Leo'])).toBe('Amira, Zofia and Leo');
  spoken.language = 'pl';
  expect(listed(['Amira', 'Zofia'])).toBe('Amira i Zofia');
  spoken.language = 'en';
});

test('a postcode in any spacing becomes one way of writing it; anything else stays', () => {
  expect(tidyPostcode('ng17eh')).toBe('NG1 7EH');
  expect(tidyPostcode(' zz99 3vz ')).toBe('ZZ99 3VZ');
  expect(tidyPostcode('NG')).toBe('NG');
});
