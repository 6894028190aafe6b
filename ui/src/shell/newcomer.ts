/** What was typed in the search field when nobody was found: the newcomer's form starts with it. */
class Newcomer {
  typed = '';

  take(): string {
    const { typed } = this;
    this.typed = '';
    return typed;
  }
}

export const newcomer = new Newcomer();
