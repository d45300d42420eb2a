import { setTimeout as delay } from 'node:timers/promises';
import { commands, l10n, window } from 'vscode';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { visible } from '../../vscode/visibleText.ts';
import { formatList } from '../../vscode/formats.ts';

/** Milliseconds in which further buckets join a question: a workspace may have many folders. */
const GATHERING = 300;
/**
 * Milliseconds that a call waits for an answer. VS Code and other extensions wait with it, and show
 * nothing but that they do; the question stays, and what it is answered later holds.
 */
const TIMEOUT_MS = 60_000;
/**
 * UTF-16 units of the names in one question. VS Code cuts a message after 1,000, and nobody may allow what
 * they were not shown.
 */
const MAX_NAMES = 600;

/** One question, however many calls wait for its answer. */
interface Question {
  readonly who: string;
  readonly buckets: Set<string>;
  isShown: boolean;
  /** Somebody waits for it no more. */
  isLate: boolean;
  answer: Promise<boolean>;
}

/** What a call is told, and of which buckets. */
export interface Answer {
  readonly answer: 'yes' | 'no' | 'late';
  readonly buckets: readonly string[];
}

/** Asks which buckets a workspace may read: several in a question, one question after the other. */
export class AddressQuestions {
  readonly #timeoutMs: number;
  readonly #denied = new Set<string>();
  /** Allowed, but the call that asked waits no more. */
  readonly #agreed = new Set<string>();
  /** Those without an answer, in their order. */
  #open: readonly Question[] = [];

  /** @param timeoutMs milliseconds that a call waits */
  constructor(timeoutMs = TIMEOUT_MS) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * @param who distinguishes connections and accounts
   * @param name the same for people
   */
  async ask(bucket: string, who: string, name: string): Promise<Answer> {
    if (this.#agreed.has(`${who} ${bucket}`)) return { answer: 'yes', buckets: [bucket] };
    if (this.#denied.has(`${who} ${bucket}`)) return { answer: 'no', buckets: [bucket] };
    const question = this.#questionFor(bucket, who) ?? this.#newQuestion(who, name);
    question.buckets.add(bucket);
    const timer = new AbortController();
    const late = delay(this.#timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined);
    const isAllowed = await Promise.race([question.answer, late]);
    timer.abort();
    question.isLate ||= isAllowed === undefined;
    const answer = isAllowed === undefined ? 'late' : isAllowed ? 'yes' : 'no';
    return { answer, buckets: [...question.buckets] };
  }

  /** Lets a bucket be asked about again. */
  forget(bucket: string, who: string): void {
    for (const answers of [this.#denied, this.#agreed]) answers.delete(`${who} ${bucket}`);
  }

  /** One that has the bucket, or that it can still join. */
  #questionFor(bucket: string, who: string): Question | undefined {
    const own = this.#open.filter(question => question.who === who);
    const fits = ({ buckets }: Question): boolean =>
      namesOf([...buckets, bucket]).length <= MAX_NAMES;
    return (
      own.find(({ buckets }) => buckets.has(bucket)) ??
      own.find(question => !question.isShown && fits(question))
    );
  }

  #newQuestion(who: string, name: string): Question {
    const before = this.#open.at(-1)?.answer;
    const question: Question = {
      ...{ who, buckets: new Set<string>(), isShown: false, isLate: false },
      answer: Promise.resolve(false),
    };
    this.#open = [...this.#open, question];
    question.answer = (async () => {
      await Promise.all([before, delay(GATHERING)]);
      question.isShown = true;
      const isAllowed = await askFor([...question.buckets], name);
      this.#open = this.#open.filter(other => other !== question);
      const answers = isAllowed ? this.#agreed : this.#denied;
      for (const bucket of question.buckets) answers.add(`${who} ${bucket}`);
      if (isAllowed && question.isLate) {
        void commands.executeCommand('workbench.files.action.refreshFilesExplorer');
      }
      return isAllowed;
    })();
    return question;
  }
}

async function askFor(buckets: readonly string[], name: string): Promise<boolean> {
  const allow = l10n.t('Allow');
  const text = l10n.t(
    'Something in this workspace is trying to read {0} with {1}. It wasn’t opened from the Buckets view.',
    namesOf(buckets),
    name,
  );
  const answer = await window.showWarningMessage(
    neutralizeLinks(text),
    allow,
    l10n.t('Don’t Allow'),
  );
  return answer === allow;
}

function namesOf(buckets: readonly string[]): string {
  return formatList(buckets.map(bucket => `s3://${visible(bucket)}`));
}
