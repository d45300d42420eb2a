import type { S3Location } from '../commands.ts';
import type { Services, Session } from '../services.ts';

/** What a tool works with. */
export interface ToolCall<Input> {
  /** Of the connection that the user has chosen. */
  readonly session: Session;
  /** Held against the tool's schema in package.json. */
  readonly input: Input;
  readonly signal: AbortSignal;
  readonly services: ToolServices;
}

export type ToolServices = Pick<Services, 'context' | 'worker'>;

/** What a tool found or did. */
export interface Answer {
  /** Where it was looked at or done, if that is not the connection's own Region. */
  readonly region?: string;
  /** Sentences of ours to the model: nothing in them comes from AWS. Not translated, as descriptions of tools. */
  readonly notes?: readonly string[];
  /** What AWS says, a value a line. */
  readonly rows: readonly unknown[];
  /** What the views show is another now. */
  readonly changed?: { readonly jobs?: true; readonly place?: S3Location };
}

/** Looks, and changes nothing. */
export interface ReadingTool {
  readonly kind: 'reading';
  read(call: ToolCall<object>): Promise<Answer>;
}

/** Changes something once the user has agreed to exactly that. */
export interface ActingTool {
  readonly kind: 'acting';
  /** Looks what would be done. Changes nothing. @throws BrigadeError where it can't be done */
  plan(call: ToolCall<object>): Promise<Plan>;
}

/** What the user is asked, and what is done then. */
export interface Plan {
  readonly title: string;
  /** Markdown, in paragraphs: what, where and how many. */
  readonly paragraphs: readonly string[];
  /** @throws BrigadeError `Conflict` where it is no longer what was agreed to */
  act(call: Pick<ToolCall<object>, 'session' | 'signal'>): Promise<Answer>;
}

export type Tool = ReadingTool | ActingTool;
