/** What a page shows and what it tells the host: `media/page/` knows this file and nothing else. */

/** What a page shows, from top to bottom. Every text is shown as it is: nothing in it is markup. */
export interface PageModel {
  /** Its heading. */
  readonly title: string;
  /** Below the heading: whose data it is, or as of when. */
  readonly subtitle?: string;
  readonly blocks: readonly Block[];
}

/** A button. Its `id` is what `onAction` is given; ids are unique on a page. */
export interface PageAction {
  readonly id: string;
  readonly label: string;
  /** What a page is for: one or none on a page. */
  readonly isPrimary?: boolean;
  readonly isDisabled?: boolean;
  readonly tooltip?: string;
}

/** Never told by colour alone: warnings and errors are named for a screen reader too. */
export type Tone = 'normal' | 'muted' | 'warning' | 'error';

/** `waiting`: it is being looked for; `pending`: its turn has not come. */
export type CheckStatus = 'passed' | 'warned' | 'failed' | 'unchecked' | 'waiting' | 'pending';

export interface PageCheck {
  readonly status: CheckStatus;
  /** In place of the status's own word. */
  readonly word?: string;
  readonly title: string;
  readonly reason?: string;
  readonly actions?: readonly PageAction[];
}

/** A text, or one with a link: `action` is an id for `onAction`. */
export type Cell = string | { readonly text: string; readonly action: string };

export interface TimelineEntry {
  /** As it is shown. */
  readonly time: string;
  readonly text: string;
  readonly detail?: string;
}

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  /** `isLive`: a screen reader reads it out when it changes. */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly tone?: Tone;
      readonly isLive?: boolean;
    }
  | {
      readonly kind: 'facts';
      readonly facts: readonly { readonly term: string; readonly value: Cell }[];
    }
  | {
      readonly kind: 'table';
      /** What is in it, for a screen reader. */
      readonly label: string;
      readonly columns: readonly { readonly title: string; readonly isNumber?: boolean }[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly kind: 'checks'; readonly label: string; readonly checks: readonly PageCheck[] }
  | {
      readonly kind: 'progress';
      readonly label: string;
      /** From 0 to 1; absent: nobody knows. */
      readonly done?: number;
      /** Beside the bar: `1,200 of 5,000 · 40 a second`. */
      readonly text: string;
    }
  | {
      readonly kind: 'timeline';
      readonly label: string;
      readonly entries: readonly TimelineEntry[];
    }
  /** With a button that copies it. */
  | { readonly kind: 'code'; readonly label: string; readonly text: string }
  | { readonly kind: 'actions'; readonly actions: readonly PageAction[] }
  /** Blocks that are closed until someone opens them. */
  | { readonly kind: 'details'; readonly summary: string; readonly blocks: readonly Block[] };

/** Words of the page itself, in the user's language. */
export interface PageTexts {
  readonly copy: string;
  readonly copied: string;
  /** What a warning and an error begin with, for a screen reader. */
  readonly warning: string;
  readonly error: string;
  readonly status: Readonly<Record<CheckStatus, string>>;
}

export interface ToPage {
  readonly kind: 'show';
  readonly model: PageModel;
  readonly texts: PageTexts;
  /** Actions that run: their buttons wait. */
  readonly busy: readonly string[];
  /** What VS Code keeps of the page over a restart. */
  readonly kept?: unknown;
}

export type FromPage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'action'; readonly id: string }
  | { readonly kind: 'copy'; readonly text: string };
