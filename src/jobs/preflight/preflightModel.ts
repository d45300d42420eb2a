import { l10n } from 'vscode';
import type { Check, CheckStatus } from '../../aws/preflight/check.ts';
import type { PreflightCost } from '../../aws/preflight/estimatePreflight.ts';
import type { Fix } from '../../aws/preflight/fix.ts';
import type { JobRequest } from '../../aws/preflight/jobParts.ts';
import { formatCount } from '../../vscode/formats.ts';
import type { Block, PageAction, PageModel } from '../../vscode/page/protocol.ts';
import { visible, visibleSentence } from '../../vscode/visibleText.ts';
import { checkText } from './checkText.ts';
import { checkTitle } from './checkTitles.ts';
import { costBlocks } from './costBlocks.ts';
import { fixLabel } from './fixText.ts';

export const CHECK_AGAIN = 'checkAgain';

/** What the page of checks shows. */
export interface CheckedJob {
  readonly name: string;
  /** Connection, account, Region. */
  readonly where: string;
  /** Undefined while it is looked at. */
  readonly checks?: readonly Check[];
  readonly cost?: PreflightCost;
  readonly request: JobRequest;
  /** What is done with the job: create it, go back. */
  readonly actions: readonly PageAction[];
  /** Fixes that nobody can make from here. */
  readonly canFix: (fix: Fix) => boolean;
}

/** The page: a verdict, what to do, the checks with the worst first, the cost, the request. */
export function preflightModel(job: CheckedJob): PageModel {
  const { name, where, checks, cost, request, actions, canFix } = job;
  return {
    title: l10n.t('Check of “{0}”', visible(name)),
    subtitle: where,
    blocks: [
      ...(checks === undefined ? [checking()] : [verdict(checks)]),
      {
        kind: 'actions',
        actions: [
          ...actions.map(action => ({ ...action, isDisabled: checks === undefined })),
          { id: CHECK_AGAIN, label: l10n.t('Check Again'), isDisabled: checks === undefined },
        ],
      },
      ...(checks === undefined ? [] : [...checkBlocks(checks, canFix), ...costBlocks(cost)]),
      requestBlock(request),
    ],
  };
}

function checking(): Block {
  const text = l10n.t('Reading the manifest, asking S3 and IAM…');
  return { kind: 'progress', label: l10n.t('Checking'), text };
}

function verdict(checks: readonly Check[]): Block {
  const failed = count(checks, 'failed');
  const tone = failed > 0 ? 'error' : count(checks, 'warned') > 0 ? 'warning' : 'normal';
  return { kind: 'text', text: verdictText(checks), tone, isLive: true };
}

/** `1 failed · 2 warnings · 3 not checked · 12 passed`. */
export function verdictText(checks: readonly Check[]): string {
  const part = (status: CheckStatus, one: string, many: (number: string) => string): string[] => {
    const number = count(checks, status);
    if (number === 0) return [];
    return [number === 1 ? one : many(formatCount(number))];
  };
  return [
    ...part('failed', l10n.t('1 failed'), number => l10n.t('{0} failed', number)),
    ...part('warned', l10n.t('1 warning'), number => l10n.t('{0} warnings', number)),
    ...part('unchecked', l10n.t('1 not checked'), number => l10n.t('{0} not checked', number)),
    ...part('passed', l10n.t('1 passed'), number => l10n.t('{0} passed', number)),
  ].join(' · ');
}

function count(checks: readonly Check[], status: CheckStatus): number {
  return checks.filter(check => check.status === status).length;
}

/** Worst first; what nobody could look at comes before what is fine. */
const ORDER: readonly CheckStatus[] = ['failed', 'warned', 'unchecked', 'passed'];

function checkBlocks(checks: readonly Check[], canFix: CheckedJob['canFix']): Block[] {
  const label = l10n.t('Checks');
  const shown = checks
    .map((check, at) => ({ check, at }))
    .sort((a, b) => ORDER.indexOf(a.check.status) - ORDER.indexOf(b.check.status));
  return [
    { kind: 'heading', text: label },
    {
      kind: 'checks',
      label,
      checks: shown.map(({ check, at }) => {
        const text = checkText(check);
        return {
          status: check.status,
          title: `${checkTitle(check)}: ${visible(shortSubject(check.subject))}`,
          ...(text !== '' && { reason: visibleSentence(text) }),
          actions: (check.fixes ?? []).flatMap((fix, nth) =>
            canFix(fix) ? [{ id: fixId(at, nth), label: fixLabel(fix) }] : [],
          ),
        };
      }),
    },
  ];
}

/** A role by its name: the whole ARN is in the request. */
function shortSubject(subject: string): string {
  return /^arn:[^:]+:(?:iam|sts)::/.test(subject)
    ? subject.slice(subject.lastIndexOf('/') + 1)
    : subject;
}

/** What is pressed to make the `nth` fix of a check. */
function fixId(check: number, nth: number): string {
  return `fix:${check}:${nth}`;
}

/** The fix that was pressed; undefined for anything else. */
export function fixOfButton(id: string, checks: readonly Check[] = []): Fix | undefined {
  const [, check, nth] = /^fix:(\d+):(\d+)$/.exec(id) ?? [];
  return checks[Number(check)]?.fixes?.[Number(nth)];
}

function requestBlock(request: JobRequest): Block {
  const text = JSON.stringify(request, undefined, 2);
  const code: Block = { kind: 'code', label: l10n.t('Request as JSON'), text };
  return { kind: 'details', summary: l10n.t('Request as JSON'), blocks: [code] };
}
