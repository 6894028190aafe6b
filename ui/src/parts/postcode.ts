/** A postcode as people write it: capitals and one space, where the letters allow it; otherwise as typed. */
export function tidyPostcode(text: string): string {
  const packed = text.replace(/\s+/g, '').toUpperCase();
  const parts = /^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$/.exec(packed);
  return parts ? `${parts[1]} ${parts[2]}` : text.trim();
}
