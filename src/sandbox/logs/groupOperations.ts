import { notImplemented } from '../errors.ts';
import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import type { Output } from '../output.ts';
import { ofRequest, readTags } from './groupTags.ts';
import type { LogsOperation } from './logsContext.ts';
import type { LogGroup } from './logTables.ts';
import { alreadyExists, constraintError, invalidParameter } from './logsErrors.ts';
import {
  checkGroupName,
  existingGroup,
  groupArn,
  readGroupName,
  readLimit,
  streamArn,
} from './logsInput.ts';
import { readToken, writeToken } from './pageToken.ts';

const PAGE_SIZE = 50;
/** PutRetentionPolicy, retentionInDays. */
const RETENTIONS: readonly number[] = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557],
  ...[2922, 3288, 3653],
];

export const createLogGroup: LogsOperation = (context, { caller }, input) => {
  const name = readGroupName(input);
  const arn = streamArn(context.accountId, name);
  const tags = readTags(input);
  const conditions = ofRequest(tags ?? {});
  authorize(context, caller, 'logs:CreateLogGroup', arn, conditions);
  if (tags !== undefined) authorize(context, caller, 'logs:TagResource', arn, conditions);
  input.only('logGroupName', 'logGroupClass', 'tags');
  checkClass(input);
  if (name.startsWith('aws/'))
    throw invalidParameter('Log group names starting with aws/ are reserved.');
  if (context.logs.groups.find(name)) throw alreadyExists('group');
  context.logs.groups.create(name, context.clock.now(), tags);
  return undefined;
};

export const deleteLogGroup: LogsOperation = (context, { caller }, input) => {
  input.only('logGroupName');
  const name = readGroupName(input);
  authorize(context, caller, 'logs:DeleteLogGroup', streamArn(context.accountId, name));
  context.logs.groups.delete(existingGroup(context, name));
  return undefined;
};

export const putRetentionPolicy: LogsOperation = (context, { caller }, input) => {
  input.only('logGroupName', 'retentionInDays');
  const name = readGroupName(input);
  authorize(context, caller, 'logs:PutRetentionPolicy', streamArn(context.accountId, name));
  const days = input.requiredWholeNumber('retentionInDays');
  if (!RETENTIONS.includes(days)) {
    const set = [...RETENTIONS].join(', ');
    throw constraintError('retentionInDays', String(days), `satisfy enum value set: [${set}]`);
  }
  context.logs.groups.setRetention(existingGroup(context, name), days);
  return undefined;
};

export const deleteRetentionPolicy: LogsOperation = (context, { caller }, input) => {
  input.only('logGroupName');
  const name = readGroupName(input);
  authorize(context, caller, 'logs:DeleteRetentionPolicy', streamArn(context.accountId, name));
  context.logs.groups.setRetention(existingGroup(context, name), undefined);
  return undefined;
};

/** Groups in the order of their names, which may begin with or contain a text. */
export const describeLogGroups: LogsOperation = (context, { caller }, input) => {
  authorize(context, caller, 'logs:DescribeLogGroups', streamArn(context.accountId, ''));
  input.only('logGroupNamePrefix', 'logGroupNamePattern', 'nextToken', 'limit', 'logGroupClass');
  checkClass(input);
  const prefix = input.text('logGroupNamePrefix');
  const pattern = input.text('logGroupNamePattern');
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  }
  if (prefix !== undefined) checkGroupName('logGroupNamePrefix', prefix);
  const limit = readLimit(input, PAGE_SIZE);
  const request = ['groups', prefix, pattern];
  const now = context.clock.now();
  const found: LogGroup[] = [];
  for (const group of context.logs.groups.list(readAfter(input, request, now), pattern ?? '')) {
    if (!group.name.startsWith(prefix ?? '')) continue;
    found.push(group);
    if (found.length > limit) break;
  }
  const shown = found.slice(0, limit);
  const more = found.length > limit;
  return {
    logGroups: shown.map(group => toOutput(context.accountId, group, pattern !== undefined)),
    nextToken: more ? writeToken(request, shown.at(-1)?.name, now) : undefined,
  };
};

function readAfter(input: Input, request: unknown, now: Date): string {
  const token = input.text('nextToken');
  return token === undefined ? '' : readToken(token, request, now, isName);
}

function isName(value: unknown): value is string {
  return typeof value === 'string';
}

function checkClass(input: Input): void {
  const name = input.text('logGroupClass') ?? 'STANDARD';
  if (name !== 'STANDARD') throw notImplemented(`log groups of the class ${name}`);
}

/** @param short by a pattern, AWS leaves out what it would have to look up (recorded) */
function toOutput(accountId: string, group: LogGroup, short: boolean): Output {
  const { name, created, retention, bytes } = group;
  const arn = groupArn(accountId, name);
  const shown = {
    ...{ logGroupName: name, creationTime: created, arn: `${arn}:*`, logGroupArn: arn },
    ...{ logGroupClass: 'STANDARD', metricFilterCount: 0 },
  };
  if (short) return shown;
  return {
    ...shown,
    retentionInDays: retention ?? undefined,
    storedBytes: bytes,
    deletionProtectionEnabled: false,
  };
}
