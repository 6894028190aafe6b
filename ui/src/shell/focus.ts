/** Where the focus goes when nothing on the page has a better claim: at a desk the search, else the page's heading. */
export function focusPage(): void {
  const typing = window.matchMedia('(pointer: fine)').matches && /^#?\/?$/.test(window.location.hash);
  const search = typing ? document.getElementById('search') : null;
  const place = search ?? document.querySelector<HTMLElement>('main h1[tabindex]') ?? document.querySelector<HTMLElement>('main');
  place?.focus({ preventScroll: true });
}

/**
 * Focus is never lost: when what had it goes away (a row signed out, a message dismissed) and nothing else
 * took it, the page takes it. The answer stops the watch.
 */
export function keepFocus(root: Node): () => void {
  let last: Element | null = null;
  const remember = (event: FocusEvent): void => {
    if (event.target instanceof Element) last = event.target;
  };
  const watch = new MutationObserver(() => {
    if (last === null || last.isConnected || document.activeElement !== document.body) return;
    last = null;
    focusPage();
  });
  document.addEventListener('focusin', remember);
  watch.observe(root, { childList: true, subtree: true });
  return () => {
    document.removeEventListener('focusin', remember);
    watch.disconnect();
  };
}
