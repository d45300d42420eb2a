import { ThemeColor, ThemeIcon } from 'vscode';
import type { JobSummary } from '../aws/batchJobs/job.ts';

type Outcome = Pick<JobSummary, 'status' | 'succeeded' | 'failed'>;

/** A shape of its own for each state, so that nobody depends on the colour. */
export function statusIcon(job: Outcome): ThemeIcon {
  const [icon, color] = iconAndColor(job);
  return new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
}

function iconAndColor({ status, succeeded, failed }: Outcome): [icon: string, color?: string] {
  switch (status) {
    case 'New':
    case 'Preparing':
      return ['loading~spin'];
    case 'Suspended':
      return ['bell-dot', 'charts.yellow'];
    case 'Ready':
      return ['clock', 'charts.blue'];
    case 'Active':
    case 'Completing':
      return ['sync~spin', 'charts.blue'];
    case 'Pausing':
    case 'Paused':
      return ['debug-pause', 'charts.orange'];
    case 'Complete':
      // AWS calls a job complete even if its tasks failed.
      if (failed === 0) return ['pass', 'testing.iconPassed'];
      return succeeded === 0
        ? ['error', 'testing.iconFailed']
        : ['warning', 'list.warningForeground'];
    case 'Cancelling':
    case 'Cancelled':
      return ['circle-slash', 'disabledForeground'];
    case 'Failing':
    case 'Failed':
      return ['error', 'testing.iconFailed'];
    default:
      return ['question'];
  }
}
