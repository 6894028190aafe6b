import type { Purpose } from '../api';

/** Which uses of pictures and quotes are shown. */
export type UsesShown = 'due' | 'live' | 'ended';

/** Where the window is. Only ids stand in the address, never a name. */
export type Route =
  | { page: 'desk' }
  | { page: 'family'; family: string }
  | { page: 'photos'; family: string }
  | { page: 'session-photos'; session: string }
  /** A family's, or everybody's. */
  | { page: 'quotes'; family: string | null }
  /** Pictures of crowds. */
  | { page: 'crowds' }
  | { page: 'no-photos'; session: string }
  /** With what the family is asked, where it comes from there. */
  | { page: 'handover'; family: string; asked?: Extract<Purpose, 'publicity_quote'> }
  | { page: 'register' }
  | { page: 'staff' }
  | { page: 'recovery' }
  | { page: 'audit' }
  | { page: 'concerns' }
  | { page: 'reported' }
  | { page: 'publications'; shown: UsesShown };

export function readRoute(hash: string): Route {
  const [first = '', second = '', third = ''] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  switch (first) {
    case 'family':
      if (second === '') break;
      return { page: third === 'photos' || third === 'quotes' ? third : 'family', family: second };
    case 'quotes':
      return { page: first, family: null };
    case 'session':
      if (second === '') break;
      if (third === 'photos') return { page: 'session-photos', session: second };
      if (third === 'no-photos') return { page: 'no-photos', session: second };
      break;
    case 'handover':
      if (second === '') break;
      return { page: first, family: second, ...(third === 'publicity_quote' ? { asked: third } : {}) };
    case 'publications':
      return { page: first, shown: second === 'live' || second === 'ended' ? second : 'due' };
    case 'crowds':
    case 'register':
    case 'staff':
    case 'recovery':
    case 'audit':
    case 'concerns':
    case 'reported':
      return { page: first };
  }
  return { page: 'desk' };
}

export function writeRoute(route: Route): string {
  switch (route.page) {
    case 'desk':
      return '#/';
    case 'family':
      return `#/family/${encodeURIComponent(route.family)}`;
    case 'photos':
      return `#/family/${encodeURIComponent(route.family)}/photos`;
    case 'quotes':
      return route.family === null ? '#/quotes' : `#/family/${encodeURIComponent(route.family)}/quotes`;
    case 'session-photos':
      return `#/session/${encodeURIComponent(route.session)}/photos`;
    case 'no-photos':
      return `#/session/${encodeURIComponent(route.session)}/no-photos`;
    case 'handover':
      return `#/handover/${encodeURIComponent(route.family)}${route.asked ? `/${route.asked}` : ''}`;
    case 'publications':
      return `#/publications/${route.shown}`;
    default:
      return `#/${route.page}`;
  }
}

class Router {
  now: Route = $state({ page: 'desk' });

  /** Starts to follow the address; the answer stops. */
  start(): () => void {
    const follow = (): void => {
      this.now = readRoute(window.location.hash);
    };
    follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }

  go(route: Route): void {
    window.location.hash = writeRoute(route);
  }

  /** Esc: from a part of a family's page to the family, from everywhere else to the desk. */
  back(): void {
    const { now } = this;
    const family = now.page === 'photos' || now.page === 'quotes' || now.page === 'handover' ? now.family : null;
    if (family !== null) this.go({ page: 'family', family });
    else this.go({ page: 'desk' });
  }
}

export const router = new Router();
