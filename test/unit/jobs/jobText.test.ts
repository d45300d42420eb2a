import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatElapsed,
  jobDescription,
  progressText,
  statusLabel,
} from '../../../src/jobs/jobText.ts';

describe('what stands beside a job', () => {
  const counts = { total: 5_000, succeeded: 1_231, failed: 3 };

  it('is its status, how far it is and how many failed', () => {
    expect(jobDescription({ ...counts, status: 'Active' })).toBe(
      'Active · 1,234 of 5,000 · 3 failed',
    );
  });

  it('says how many objects there are before anything ran', () => {
    const job = { status: 'Suspended', total: 1, succeeded: 0, failed: 0 };
    expect(jobDescription(job)).toBe('Awaiting confirmation · 1 object');
  });

  it('is the status alone while the manifest is not read yet', () => {
    expect(jobDescription({ status: 'New', total: 0, succeeded: 0, failed: 0 })).toBe('New');
  });

  it('leaves out what needs no saying at the end', () => {
    expect(progressText({ total: 5, succeeded: 5, failed: 0 })).toBe('5 objects');
    expect(progressText({ total: 5, succeeded: 0, failed: 5 })).toBe('5 objects · 5 failed');
  });

  it('shows a status that AWS adds one day as it came', () => {
    expect(statusLabel('Dreaming')).toBe('Dreaming');
  });
});

describe('formatAge', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  it.each([
    ['2026-11-22T11:59:30Z', 'now'],
    ['2026-11-22T11:57:00Z', '3 minutes ago'],
    ['2026-11-22T09:30:00Z', '2 hours ago'],
    ['2026-11-20T11:00:00Z', '2 days ago'],
  ])('%s is %s', (date, text) => {
    expect(formatAge(new Date(date), now)).toBe(text);
  });
});

describe('formatElapsed', () => {
  it.each([
    [0.4, 'under 1 s'],
    [59.9, '59 s'],
    [61, '1 min 1 s'],
    [3_725, '1 h 2 min'],
  ])('%d s is %s', (seconds, text) => {
    expect(formatElapsed(seconds)).toBe(text);
  });
});
