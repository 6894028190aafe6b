/** What the member of staff chose before handing over. In memory only: after a restart the parent says who they are. */
export interface Chosen {
  family: string;
  decider: string;
  about: string[];
}

let chosen: Chosen | null = null;

export const handed = {
  keep(choice: Chosen): void {
    chosen = choice;
  },
  /** The choice made for this family, if it was made in this run. */
  for(family: string): Chosen | null {
    return chosen?.family === family ? chosen : null;
  },
  forget(): void {
    chosen = null;
  },
};

/** What a parent signed on this tablet, for the receipt that staff give once they have it back. */
export interface Given {
  family: string;
  name: string;
  reference: string;
  decisions: string[];
}

let signed: Given | null = null;

export const given = {
  keep(what: Given): void {
    signed = what;
  },
  /** What was signed for this family, once. */
  take(family: string): Given | null {
    const found = signed?.family === family ? signed : null;
    if (found) signed = null;
    return found;
  },
};
