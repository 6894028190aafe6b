/** The keys that a web view or the desk would act on and that do nothing while the tablet is with a family. */
export function reserved(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): boolean {
  if (/^F([1-9]|1[0-2])$/.test(event.key) || event.key.startsWith('Browser')) return true;
  const key = event.key.toLowerCase();
  if (event.altKey && !event.ctrlKey) return key.startsWith('arrow') || key === 'home';
  // Cutting and pasting a typed name stays possible, and so does making the page larger.
  return (event.ctrlKey || event.metaKey) && /^[a-z]$/.test(key) && !'acvxz'.includes(key);
}
