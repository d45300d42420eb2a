import { env, l10n } from 'vscode';
import type { Job, JobSummary } from '../aws/batchJobs/job.ts';
import type { JobGenerator } from '../aws/manifest/jobManifest.ts';
import type { JobStatus } from '../aws/batchJobs/jobStatus.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import { formatCount, formatObjects } from '../vscode/formats.ts';
import { filterLines } from '../vscode/filter/filterText.ts';

/** AWS's status in the user's language. A status AWS adds later is shown as it came. */
export function statusLabel(status: JobStatus): string {
  switch (status) {
    case 'New':
      return l10n.t('New');
    case 'Preparing':
      return l10n.t('Preparing');
    case 'Suspended':
      return l10n.t('Awaiting confirmation');
    case 'Ready':
      return l10n.t('Ready');
    case 'Active':
      return l10n.t('Active');
    case 'Pausing':
      return l10n.t('Pausing');
    case 'Paused':
      return l10n.t('Paused');
    case 'Completing':
      return l10n.t('Completing');
    case 'Complete':
      return l10n.t('Complete');
    case 'Cancelling':
      return l10n.t('Cancelling');
    case 'Cancelled':
      return l10n.t('Cancelled');
    case 'Failing':
      return l10n.t('Failing');
    case 'Failed':
      return l10n.t('Failed');
    default:
      return status;
  }
}

type Counts = Pick<JobSummary, 'total' | 'succeeded' | 'failed'>;

/** `1,234 of 5,000 · 3 failed`; before anything ran, how many objects there are. */
export function progressText({ total, succeeded, failed }: Counts): string {
  if (total === 0) return '';
  const done = succeeded + failed;
  if (done === 0) return formatObjects(total);
  const progress =
    done === total
      ? formatObjects(total)
      : l10n.t('{0} of {1}', formatCount(done), formatCount(total));
  return failed === 0 ? progress : `${progress} · ${l10n.t('{0} failed', formatCount(failed))}`;
}

/** What stands beside a job's name: `Active · 1,234 of 5,000 · 3 failed`. */
export function jobDescription(job: Counts & Pick<JobSummary, 'status'>): string {
  return [statusLabel(job.status), progressText(job)].filter(part => part !== '').join(' · ');
}

/** The status with what AWS says about it: `Cancelled · not needed any more`. */
export function statusText(job: Pick<Job, 'status' | 'statusUpdateReason'>): string {
  const label = statusLabel(job.status);
  return job.statusUpdateReason === undefined ? label : `${label} · ${job.statusUpdateReason}`;
}

/** Where S3 finds a job's objects itself: `s3://images/2026/ · .png`. */
export function sourceText(generator: JobGenerator): string {
  const { sourceBucket, prefix, suffix = '', otherFilters } = generator;
  const where = formatS3Uri({ bucket: sourceBucket, key: prefix });
  const lines = filterLines({ ...generator, suffix: undefined });
  return [where, suffix, ...lines, ...otherFilters].filter(part => part !== '').join(' · ');
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `3 minutes ago`; what is less than a minute old is `now`. */
export function formatAge(date: Date, now = new Date()): string {
  const seconds = (date.getTime() - now.getTime()) / 1_000;
  const format = new Intl.RelativeTimeFormat(env.language, { numeric: 'auto' });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, 'second');
}

/** `1 h 2 min`, `3 min 4 s`, `5 s`, `under 1 s`. */
export function formatElapsed(seconds: number): string {
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  if (hours > 0) return l10n.t('{0} h {1} min', formatCount(hours), minutes);
  if (minutes > 0) return l10n.t('{0} min {1} s', minutes, Math.floor(seconds % 60));
  return seconds < 1 ? l10n.t('under 1 s') : l10n.t('{0} s', Math.floor(seconds));
}
