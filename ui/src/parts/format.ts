import { spoken, t } from '../words';

// Everything is told in the county's time, whatever the computer's clock is set to.
const zone = 'Europe/London';
const formatter = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options });
const long = formatter({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const medium = formatter({ day: 'numeric', month: 'short', year: 'numeric' });
const near = formatter({ day: 'numeric', month: 'short' });
const weekday = formatter({ weekday: 'long', day: 'numeric', month: 'long' });
const clock = formatter({ hour: '2-digit', minute: '2-digit', hour12: false });
const dayParts = formatter({ year: 'numeric', month: '2-digit', day: '2-digit' });

/** A date without a time is that day in every zone: noon keeps it there. */
const read = (value: string): Date => new Date(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T12:00:00Z` : value);
const told = (format: Intl.DateTimeFormat, value: string): string => {
  const date = read(value);
  return Number.isNaN(date.getTime()) ? value : format.format(date);
};

/** Wednesday 3 April 2024 */
export const longDate = (value: string): string => told(long, value).replace(',', '');
/** 3 Apr 2024 */
export const shortDate = (value: string): string => told(medium, value);
/** Wednesday 3 April */
export const dayName = (value: string): string => told(weekday, value).replace(',', '');
/** 3 Apr, or with its year where that is not this one. */
export const nearDate = (value: string): string =>
  dayOf(value).slice(0, 4) === dayOf(new Date().toISOString()).slice(0, 4) ? told(near, value) : shortDate(value);
/** 09:30 */
export const time = (value: string): string => told(clock, value);
/** 3 Apr 2024, 09:30 */
export const dateTime = (value: string): string => `${shortDate(value)}, ${time(value)}`;
/** 2024-04-03, of an instant, in the county's time. */
export function dayOf(value: string): string {
  // By parts: how a locale puts a date together differs between engines.
  const parts = Object.fromEntries(dayParts.formatToParts(read(value)).map(({ type, value: part }) => [type, part]));
  return `${parts['year']}-${parts['month']}-${parts['day']}`;
}

/** How long ago, roughly, as one would say it. */
export function since(value: string, now: number = Date.now()): string {
  const minutes = Math.floor((now - read(value).getTime()) / 60_000);
  if (minutes < 1) return t('since-now');
  if (minutes < 60) return t('since-minutes', { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t('since-hours', { count: hours });
  return t('since-days', { count: Math.floor(hours / 24) });
}

/** A stretch of time, roughly, as one would say it: "13 hours". */
export function lasting(seconds: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / 60));
  if (minutes < 60) return t('lasting-minutes', { count: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48 ? t('lasting-hours', { count: hours }) : t('lasting-days', { count: Math.round(hours / 24) });
}

/**
 * A telephone number as it is read out. UK numbers are grouped by their area code (Ofcom, "National
 * Telephone Numbering Plan"); others stay as they are.
 */
export function spacedPhone(number: string): string {
  const groups =
    /^(02\d)(\d{4})(\d{4})$/.exec(number) ?? /^(011\d|01\d1)(\d{3})(\d{4})$/.exec(number) ?? /^(0\d{4})(\d{5,6})$/.exec(number);
  return groups ? groups.slice(1).join(' ') : number;
}

/** An age in years and months, as it is read at a glance: "2 y 4 m"; past ten only years. */
export function shortAge(age: { years: number; months: number }): string {
  if (age.years === 0) return t('age-months', { months: age.months });
  if (age.years >= 10 || age.months === 0) return t('age-years', { years: age.years });
  return t('age-both', { years: age.years, months: age.months });
}

/** Names in a row, as the language that the window speaks does it: "Amira, Zofia and Leo". */
export const listed = (names: readonly string[]): string =>
  new Intl.ListFormat(spoken.language === 'en' ? 'en-GB' : spoken.language, { style: 'long', type: 'conjunction' }).format(names);
