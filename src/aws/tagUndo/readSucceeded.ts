import type { S3Client } from '@aws-sdk/client-s3';
import type { CompletionReport } from '../batchJobs/completionReport.ts';
import { readReport, type ReportDamage, type ReportRow } from '../batchJobs/reportRows.ts';
import type { CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';

/**
 * The rows of a report's files of succeeded tasks: those that failed changed nothing.
 *
 * @throws BrigadeError `NotFound`, `AccessDenied` for a whole file of them: an undo that leaves out its
 *   objects without a word would pass for a whole one
 */
export async function* readSucceeded(
  client: S3Client,
  { results }: Pick<CompletionReport, 'results'>,
  options: CallOptions,
): AsyncGenerator<(ReportRow | ReportDamage)[], void, undefined> {
  const succeeded = results.filter(({ status }) => status !== 'failed');
  for await (const entries of readReport(client, { results: succeeded }, options)) {
    for (const entry of entries) if ('damage' in entry) refuse(entry);
    yield entries;
  }
}

function refuse({ damage, file: subject }: ReportDamage): void {
  if (damage === 'missing') {
    throw new BrigadeError('NotFound', 'A file of the report is missing', { subject });
  }
  if (damage === 'denied') {
    throw new BrigadeError('AccessDenied', 'A file of the report can not be read', {
      ...{ subject, action: 's3:GetObject' },
    });
  }
}
