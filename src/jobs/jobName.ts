import { l10n } from 'vscode';
import type { Job, JobSummary } from '../aws/batchJobs/job.ts';
import { MAX_DESCRIPTION_LENGTH } from '../aws/batchJobs/jobRules.ts';
import { functionName } from '../aws/functionArn.ts';
import type { Tag } from '../aws/objects/tagRules.ts';
import { sourceText } from './jobText.ts';
import { operationLabel } from './operations/operationLabel.ts';

/** What a job does and on what, as far as it is known. */
export type JobWork = Pick<JobSummary, 'operation'> &
  Partial<
    Pick<Job, 'tags' | 'invocation' | 'generator'> & {
      manifest: { readonly bucket: string; readonly key: string };
    }
  >;

/** What a job is called: its description, else what it does and on what. */
export function jobName(job: JobWork & Pick<JobSummary, 'description'>): string {
  return job.description ?? describeWork(job);
}

/**
 * `Tag phototype=finished · assets/manifest.csv`: distinguishes jobs that have no description, and
 * is one. Never longer than AWS takes.
 */
export function describeWork(work: JobWork): string {
  const { manifest, generator } = work;
  const named = manifest && `${manifest.bucket}/${manifest.key}`;
  const where = generator ? sourceText(generator) : named;
  const text = [doing(work), ...(where === undefined ? [] : [where])].join(' · ');
  return shortened(text, MAX_DESCRIPTION_LENGTH);
}

function doing({ operation, tags, invocation }: JobWork): string {
  switch (operation) {
    case 'S3PutObjectTagging':
      return tags === undefined || tags.length === 0
        ? l10n.t('Replace tags')
        : l10n.t('Tag {0}', tagsText(tags));
    case 'S3DeleteObjectTagging':
      return l10n.t('Delete tags');
    default:
      return invocation === undefined
        ? operationLabel(operation)
        : l10n.t('Invoke {0}', functionName(invocation.functionArn));
  }
}

/** As many as fit into a row; the others are counted. */
const NAMED = 3;

function tagsText(tags: readonly Tag[]): string {
  const named = tags.slice(0, NAMED).map(({ key, value }) => `${key}=${value}`);
  const more = tags.length - named.length;
  return [...named, ...(more > 0 ? [`+${more}`] : [])].join(', ');
}

/** Cut between characters: half of a surrogate pair is none. */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
