/**
 * Puts an element beside the program, where printing finds it and nothing else: while it is there, the
 * program itself is not printed, and pages have no margin, since the pictures of the pages have their own.
 */
export function onPaper(sheets: HTMLElement): () => void {
  const rules = new CSSStyleSheet();
  rules.replaceSync('@page { size: A4; margin: 0; } @media print { #app { display: none; } }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules];
  document.body.append(sheets);
  return () => {
    sheets.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== rules);
  };
}
