import type { ManifestSummary } from '../../aws/manifest.ts';
import type { Tag } from '../../aws/tagRules.ts';
import type { CreateTaggingJobArguments, ReportChoice } from '../../commands.ts';

/** The answers so far to what a tagging job needs to know. */
export interface Draft {
  /** As it was read; its ETag is what the job will insist on. */
  manifest?: ManifestSummary;
  tags?: readonly Tag[];
  roleArn?: string;
  report?: ReportChoice | false;
  priority?: number;
  description?: string;
}

export type CompleteDraft = Required<Omit<Draft, 'description'>> & Pick<Draft, 'description'>;

/** What has to be known, in the order it is asked. */
export const QUESTIONS = [
  'manifest',
  'tags',
  'report',
  'roleArn',
  'priority',
  'description',
] as const;
export type Question = (typeof QUESTIONS)[number];

/**
 * Which questions are left. What is given is not asked; and whoever wants no questions gets the
 * defaults of those that have one.
 */
export function questionsLeft(given: CreateTaggingJobArguments): Question[] {
  const left = QUESTIONS.filter(question => given[question] === undefined);
  return given.skipConfirmation === true
    ? left.filter(question => question !== 'priority' && question !== 'description')
    : left;
}

/** The draft, if nothing is missing; a description never is. */
export function completed(draft: Draft): CompleteDraft | undefined {
  const { manifest, tags, roleArn, report, priority, description } = draft;
  if (
    manifest === undefined ||
    tags === undefined ||
    roleArn === undefined ||
    report === undefined ||
    priority === undefined
  ) {
    return undefined;
  }
  return { manifest, tags, roleArn, report, priority, description };
}
