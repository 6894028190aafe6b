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
