// A day as people type it. The core reads the dates of a registration; here it is told a day, so the window reads it.

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function monthOf(text: string): number {
  return /^\d{1,2}$/.test(text) ? Number(text) : months.indexOf(text.slice(0, 3)) + 1;
}

/** Day, month and year as typed: day first, as in Britain, or year first with four digits. */
function partsOf(typed: string): [day: string, month: string, year: string] | null {
  const run = /^(\d{2})(\d{2})(\d{2}|\d{4})$/.exec(typed.trim());
  if (run) return [run[1] ?? '', run[2] ?? '', run[3] ?? ''];
  const pieces = (typed.toLowerCase().match(/\d+|\p{L}+/gu) ?? []).filter((piece) => !/^(st|nd|rd|th|of)$/.test(piece));
  const [first, second, third] = pieces;
  if (pieces.length !== 3 || first === undefined || second === undefined || third === undefined) return null;
  return first.length === 4 ? [third, second, first] : [first, second, third];
}

/** The day (YYYY-MM-DD), or null where it is none. A year of two digits is at most `ahead` years after `today`'s. */
export function readDay(typed: string, today: string, ahead = 1): string | null {
  const parts = partsOf(typed);
  if (!parts) return null;
  const [day, month] = [Number(parts[0]), monthOf(parts[1])];
  if (!/^\d{1,2}$/.test(parts[0]) || !/^(\d{2}|\d{4})$/.test(parts[2]) || month < 1) return null;
  const latest = Number(today.slice(0, 4)) + ahead;
  const typedYear = Number(parts[2]);
  const year = parts[2].length === 2 ? latest - ((((latest - typedYear) % 100) + 100) % 100) : typedYear;
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const read = new Date(`${text}T12:00:00Z`);
  // The calendar would make a third of March out of a 31 February.
  return Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== text ? null : text;
}
