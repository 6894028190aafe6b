import { call, on, readRefusal, type Action, type Api, type Refusal, type StatusView } from '../api';

/** What the core names when it cannot tell what changed: after a meeting with the county. */
const everything = 'all';

/** What the core last said about itself: who is logged in, what is unsent, whether all is well. */
class Status {
  view: StatusView | null = $state(null);
  /** Set while the core cannot be reached at all. */
  lost: Refusal | null = $state(null);
  /** Counts up when records of a kind change, so that screens read them again. */
  #changes: Record<string, number> = $state({});

  may(action: Action): boolean {
    return this.view?.login?.may.includes(action) ?? false;
  }

  /** Reading this inside an effect or a derived value runs it again when one of these kinds changes. */
  changes(...kinds: string[]): number {
    return kinds.reduce((sum, kind) => sum + (this.#changes[kind] ?? 0), this.#changes[everything] ?? 0);
  }

  start(): () => void {
    void this.read();
    const stops = [
      on('status', ({ status }) => {
        this.view = status;
        this.lost = null;
      }),
      on('changed', ({ what }) => {
        for (const kind of what) this.#changes[kind] = (this.#changes[kind] ?? 0) + 1;
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async read(): Promise<void> {
    try {
      this.view = await call('status', {});
      this.lost = null;
    } catch (reason) {
      this.lost = readRefusal(reason);
    }
  }

  /** Runs one of the commands that answer with the new status. */
  async run<Name extends StatusCommand>(name: Name, request: Api[Name]['request']): Promise<void> {
    this.view = (await call(name, request)) as StatusView;
  }
}

type StatusCommand = { [Name in keyof Api]: Api[Name]['view'] extends StatusView ? Name : never }[keyof Api];

export const status = new Status();
