import { call, readRefusal, type HandOverView, type HeadView, type NoticeView, type Refusal, type Stroke } from '../../api';
import {
  accept, attribute, copyToOthers, decided, done, give, questionsFor, refuseAll, type Answer, type Answers, type Attribution, type HelpAnswer, type Question,
} from './answers';
import { after, before, pages, type Place, type Way } from './flow';
import { given, handed } from './memory';
import { isSignature, tidyStrokes } from './signature';

/** Why the parent was brought back to the start. */
export type Restart = 'wording' | 'decision' | 'authority';

const restarts: Readonly<Record<string, Restart>> = {
  wording_outdated: 'wording',
  decision_seen_outdated: 'decision',
  no_authority: 'authority',
};

/** One parent's way through the consent pages. All of it is in memory and gone when the pages close. */
export class Walk {
  readonly view: HandOverView;
  place: Place = $state.raw({ page: 'start' });
  language: string;
  /** The form in which the privacy notice was looked at last; short until another is chosen. */
  form: NoticeView['form'] = $state('short');
  decider: string | null = $state(null);
  answers: Answers = $state.raw({});
  help: HelpAnswer | null = $state(null);
  strokes: Stroke[] = $state.raw([]);
  typing = $state(false);
  typedName = $state('');
  witnessed = $state(false);
  /** Opened from "check your answers": going on leads back there. */
  checking = $state(false);
  reference: string | null = $state(null);
  busy = $state(false);
  restarted: Restart | null = $state(null);
  /** Whom staff named, and about whom: both only as long as that person holds the tablet. */
  #chosenBy: string | null = $state(null);
  #only: readonly string[] | null = $state.raw(null);
  readonly #named: string | null;
  #stoppedAt: Place | null = null;
  /** What this decider said before: told by the core once it is known who decides. */
  #earlier: readonly HeadView[] = $state.raw([]);
  #asked: Promise<void> | null = null;

  constructor(view: HandOverView, restarted: Restart | null = null) {
    const chosen = handed.for(view.family);
    const known = view.deciders.find((each) => each.person === chosen?.decider) ?? (view.deciders.length === 1 ? view.deciders[0] : undefined);
    this.view = view;
    this.language = $state(view.languages[0]?.language ?? 'en');
    this.restarted = restarted;
    this.#chosenBy = known?.person ?? null;
    const named = chosen && known?.person === chosen.decider ? chosen : null;
    this.#named = named?.decider ?? null;
    this.#only = named?.about ?? null;
    this.decider = this.#chosenBy;
    if (this.decider) this.#ask(this.decider);
    this.place = pages(this.way)[0] ?? this.place;
  }

  #ask(decider: string): void {
    this.#earlier = [];
    this.#asked = call('earlier_answers', { decider }).then((heads) => {
      if (this.decider === decider) this.#earlier = heads;
    });
    // Without them nothing is sent; until then the pages can be read.
    this.#asked.catch(() => (this.#asked = null));
  }

  readonly languages = $derived.by(() => this.view.languages.map(({ language }) => language));
  readonly dir = $derived.by(() => this.view.languages.find(({ language }) => language === this.language)?.dir ?? 'ltr');
  /** The privacy notice in the parent's language, in its forms. */
  readonly notices: NoticeView[] = $derived.by(() => this.view.notices.filter(({ language }) => language === this.language));
  /** The one that is shown. */
  readonly notice: NoticeView | null = $derived.by(() => this.notices.find(({ form }) => form === this.form) ?? this.notices[0] ?? null);
  /** What was said before is shown to the person whom staff handed the tablet to, and to nobody else. */
  readonly recalls: boolean = $derived.by(() => this.decider !== null && this.decider === this.#named);
  readonly name: string = $derived.by(() => this.view.deciders.find((each) => each.person === this.decider)?.name ?? '');
  readonly questions: Question[] = $derived.by(() => {
    if (!this.decider) return [];
    // The people whom staff chose were chosen for one decider, not for whoever else takes the tablet.
    return questionsFor(this.view, this.decider, this.language, this.decider === this.#chosenBy ? this.#only : null, this.#earlier);
  });
  readonly way: Way = $derived.by(() => ({
    languages: this.languages.length,
    askDecider: this.decider === null || this.decider !== this.#chosenBy,
    noticeDue: this.notice !== null && (this.view.deciders.find((each) => each.person === this.decider)?.notice_due ?? false),
    questions: this.questions,
    answers: this.answers,
  }));
  readonly question: Question | null = $derived.by(() => {
    const { place } = this;
    return place.page === 'question' ? (this.questions.find(({ key }) => key === place.key) ?? null) : null;
  });
  readonly canGoBack: boolean = $derived.by(() => this.checking || before(this.place, this.way) !== null);

  go(place: Place): void {
    this.place = place;
  }

  next(): void {
    const checking = this.checking;
    this.restarted = null;
    const to = after(this.place, this.way, { checking, help: this.help });
    if (to.page === 'check') this.checking = false;
    this.go(to);
  }

  /** Back loses nothing: the answers stay as they are. */
  back(): void {
    if (this.checking && this.place.page !== 'check' && this.place.page !== 'reader') {
      this.checking = false;
      this.go({ page: 'check' });
      return;
    }
    if (this.place.page !== 'reader') this.checking = false;
    const to = before(this.place, this.way);
    if (to) this.go(to);
  }

  /** From "check your answers" to one page and back again. */
  change(place: Place): void {
    this.checking = true;
    this.go(place);
  }

  stop(): void {
    this.#stoppedAt = this.place;
    this.go({ page: 'back' });
  }

  get canGoOn(): boolean {
    return this.reference === null && this.#stoppedAt !== null;
  }

  goOn(): void {
    if (this.#stoppedAt) this.go(this.#stoppedAt);
    this.#stoppedAt = null;
  }

  /** Somebody else holds the tablet: only staff hand it to another person. */
  notMe(): void {
    this.stop();
  }

  decide(person: string): void {
    if (person === this.decider) return;
    this.#reset();
    this.decider = person;
    this.#ask(person);
  }

  setLanguage(language: string): void {
    if (language === this.language) return;
    this.language = language;
    this.form = 'short';
    // Answers belong to the words that were read.
    this.#reset();
  }

  give(question: Question, channel: string, answer: Answer): void {
    this.answers = give(this.answers, question, channel, answer);
  }
  attribute(question: Question, attribution: Attribution): void {
    this.answers = attribute(this.answers, question, attribution);
  }
  refuseAll(question: Question): void {
    this.answers = refuseAll(this.answers, question);
  }
  copy(question: Question): void {
    this.answers = copyToOthers(this.answers, question, this.questions);
  }
  accept(question: Question): void {
    this.answers = accept(this.answers, question);
  }
  done(question: Question): boolean {
    return done(this.answers, question);
  }

  get signed(): boolean {
    return isSignature(this.strokes);
  }

  /** Sends the decision. A refusal that a new start can mend is answered as `restart`. */
  async send(witness: string | null): Promise<{ refusal: Refusal | null; restart: Restart | null }> {
    const { notice } = this;
    if (!this.decider || !this.help || !notice || this.help === 'somebody_else' || this.busy) return { refusal: null, restart: null };
    this.busy = true;
    try {
      // A decision names the ones that it replaces.
      if (!this.#asked) this.#ask(this.decider);
      await this.#asked;
      const answers = decided(this.answers, this.questions);
      if (!answers) return { refusal: null, restart: null };
      const { reference, decisions } = await call('decide', {
        decider: this.decider,
        answers,
        signature: this.typing ? [] : tidyStrokes(this.strokes),
        typed_name: this.typing ? this.typedName.trim() : null,
        witness: this.typing ? witness : null,
        language: this.language,
        notice: { notice: notice.notice, version: notice.version, language: notice.language, sha256: notice.sha256 },
        help: this.help,
      });
      this.reference = reference;
      given.keep({ family: this.view.family, name: this.name, reference, decisions });
      // What was signed is with the core now; nothing of it stays here.
      this.#reset();
      this.go({ page: 'thanks' });
      return { refusal: null, restart: null };
    } catch (reason) {
      const refusal = readRefusal(reason);
      return { refusal, restart: restarts[refusal.code] ?? null };
    } finally {
      this.busy = false;
    }
  }

  #reset(): void {
    this.answers = {};
    this.help = null;
    this.strokes = [];
    this.typing = false;
    this.typedName = '';
    this.witnessed = false;
    this.checking = false;
  }
}
