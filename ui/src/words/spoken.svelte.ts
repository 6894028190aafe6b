/** The language that the window speaks: English to staff, and on a parent's pages the parent's own. */
export const spoken: { language: string } = $state({ language: 'en' });
