import { unquoted } from '../objects/listing.ts';
import { isInventoryManifest } from '../manifest/manifestFile.ts';
import type { JobManifestLocation } from '../manifest/jobManifest.ts';
import type { ManifestProblem, ManifestProblemKind } from '../manifest/manifestProblems.ts';
import type { ManifestCheck } from '../manifestCheck/checkManifest.ts';
import { correctionsOf } from '../manifestCheck/corrections.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { Check } from './check.ts';

/** Said by checks of their own. */
const ELSEWHERE: ReadonlySet<ManifestProblemKind> = new Set([
  ...(['encryption', 'duplicateRow', 'objectMissing', 'objectDenied', 'bucketMissing'] as const),
]);

/**
 * What was read of a manifest, held against what the request says of it.
 *
 * @param sentETag as the request has it, in quotes if it has them
 */
export function manifestChecks(
  asked: JobManifestLocation,
  found: ManifestCheck,
  sentETag = asked.eTag,
): Check[] {
  return [
    counted(asked, found),
    eTag(asked, found, sentETag),
    ...rows(asked, found),
    encryption(asked, found),
    duplicates(asked, found),
  ];
}

function counted(asked: JobManifestLocation, { rows: count }: ManifestCheck): Check {
  const subject = formatS3Uri(asked);
  if (count === undefined) {
    return { id: 'manifest', status: 'unchecked', subject, reason: { kind: 'rowsUnknown' } };
  }
  return count === 0
    ? { id: 'manifest', status: 'failed', subject, reason: { kind: 'noObjects' } }
    : { id: 'manifest', status: 'passed', subject, reason: { kind: 'rows', rows: count } };
}

function eTag(asked: JobManifestLocation, found: ManifestCheck, sent: string): Check {
  const check = { id: 'manifestETag', subject: formatS3Uri(asked) } as const;
  const fixes = [{ kind: 'renewManifest' }] as const;
  // S3 takes none in quotes, though it answers with them (Amazon S3 user guide, troubleshooting).
  if (sent !== found.eTag && unquoted(sent) === found.eTag) {
    return { ...check, status: 'failed', reason: { kind: 'quotedETag' }, fixes };
  }
  return sent === found.eTag
    ? { ...check, status: 'passed', reason: { kind: 'fine' } }
    : { ...check, status: 'failed', reason: { kind: 'staleETag', found: found.eTag }, fixes };
}

function rows(asked: JobManifestLocation, found: ManifestCheck): Check[] {
  const subject = formatS3Uri(asked);
  const problems = firstOfEach(found.problems).filter(({ kind }) => !ELSEWHERE.has(kind));
  const checks = [
    ...fields(asked, found),
    ...problems.map(problem => problemCheck(problem, found)),
  ];
  return checks.length > 0
    ? checks
    : [{ id: 'manifestRows', status: 'passed', subject, reason: { kind: 'fine' } }];
}

function firstOfEach(problems: readonly ManifestProblem[]): ManifestProblem[] {
  return problems.filter(
    ({ kind }, at) => problems.findIndex(problem => problem.kind === kind) === at,
  );
}

function problemCheck(problem: ManifestProblem, found: ManifestCheck): Check {
  const { kind, severity } = problem;
  const count = found.problemCounts[kind] ?? problem.count ?? 1;
  // An inventory is S3's own and can't be rewritten.
  const corrections = isInventoryManifest(found.key) ? [] : correctionsOf(kind).slice(0, 1);
  return {
    ...{ id: 'manifestRows', subject: formatS3Uri(found) },
    status: severity === 'error' ? 'failed' : 'warned',
    reason: { kind: 'problem', problem, count },
    fixes: [
      ...(corrections.length > 0 ? [{ kind: 'correctManifest', corrections } as const] : []),
      { kind: 'checkManifest', bucket: found.bucket, key: found.key },
    ],
  };
}

/** The columns that the request tells S3 of are those that are there. */
function fields(asked: JobManifestLocation, found: ManifestCheck): Check[] {
  if (isInventoryManifest(asked.key) || found.rows === undefined) return [];
  const isSame =
    asked.fields.length === found.fields.length &&
    asked.fields.every((field, at) => field === found.fields[at] || isTold(field, found, at));
  if (isSame) return [];
  return [
    {
      ...{ id: 'manifestRows', status: 'failed', subject: formatS3Uri(asked) },
      reason: { kind: 'fields', found: found.fields },
      fixes: [{ kind: 'renewManifest' }],
    },
  ];
}

/** A person may say that a column holds version ids which don't look so, or that they don't matter. */
function isTold(
  field: string,
  { maybeVersions, fields: found }: ManifestCheck,
  at: number,
): boolean {
  return (
    (field === 'VersionId' && maybeVersions === at) ||
    (field === 'Ignore' && found[at] === 'VersionId')
  );
}

function encryption(asked: JobManifestLocation, found: ManifestCheck): Check {
  const check = { id: 'manifestEncryption', subject: formatS3Uri(asked) } as const;
  const problem = found.problems.find(({ kind }) => kind === 'encryption');
  if (problem === undefined) return { ...check, status: 'passed', reason: { kind: 'fine' } };
  return {
    ...check,
    status: 'failed',
    reason: { kind: 'problem', problem, count: 1 },
    fixes: [{ kind: 'correctManifest', corrections: ['rewrite'] }],
  };
}

/** Twice the same row is looked for among so many only: more would not fit into memory. */
function duplicates(asked: JobManifestLocation, found: ManifestCheck): Check {
  const check = { id: 'manifestDuplicates', subject: formatS3Uri(asked) } as const;
  const problem = found.problems.find(({ kind }) => kind === 'duplicateRow');
  if (problem !== undefined) {
    const count = found.problemCounts.duplicateRow ?? 1;
    const fixes = [{ kind: 'correctManifest', corrections: ['dropDuplicates'] }] as const;
    return { ...check, status: 'warned', reason: { kind: 'problem', problem, count }, fixes };
  }
  const { compared = 0, rows: all } = found;
  if (all !== undefined && compared >= all) {
    return { ...check, status: 'passed', reason: { kind: 'fine' } };
  }
  return { ...check, status: 'unchecked', reason: { kind: 'compared', compared, rows: all } };
}
