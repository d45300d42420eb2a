import { describe, expect, it } from 'vitest';
import {
  canCancel,
  canPrioritize,
  canRun,
  isFinal,
  isRunning,
  JOB_STATUSES,
} from '../../../src/aws/batchJobs/jobStatus.ts';

const those = (holds: (status: string) => boolean) => JOB_STATUSES.filter(holds);

describe('job states', () => {
  it('allow what AWS allows', () => {
    expect(those(isFinal)).toEqual(['Complete', 'Cancelled', 'Failed']);
    expect(those(canRun)).toEqual(['Suspended']);
    expect(those(canCancel)).toEqual(['Suspended', 'Ready', 'Active', 'Paused']);
    expect(those(canPrioritize)).toEqual(['Suspended', 'Ready', 'Active', 'Paused']);
  });

  it('are followed while they change by themselves, new ones too', () => {
    expect(those(status => !isRunning(status))).toEqual([
      'Suspended',
      'Complete',
      'Cancelled',
      'Failed',
    ]);
    expect(isRunning('Reconsidering')).toBe(true);
    expect(isFinal('Reconsidering')).toBe(false);
  });
});
