import type { ReportRow } from '../batchJobs/reportRows.ts';
import { cutText } from '../cutText.ts';

/** A row of a report as the index has it. */
export interface IndexedRow extends Omit<ReportRow, 'taskStatus'> {
  readonly succeeded: boolean;
}

/** Characters of a message that are kept: a function may say anything. */
const MAX_MESSAGE = 2_000;

type Cells = readonly [
  bucket: string,
  key: string,
  rawKey: string | 0,
  versionId: string | 0,
  succeeded: 0 | 1,
  httpStatus: number,
  errorCode: string,
  message: string,
];

/** A row as a line of `rows.jsonl`, without its end. */
export function lineOf(row: ReportRow): string {
  const { bucket, key, rawKey, versionId, httpStatus, errorCode } = row;
  const succeeded = row.taskStatus === 'succeeded' ? 1 : 0;
  const cells: Cells = [
    bucket,
    key,
    rawKey === key ? 0 : rawKey,
    versionId ?? 0,
    succeeded,
    httpStatus ?? 0,
    errorCode,
    messageOf(row.message, succeeded === 1),
  ];
  return JSON.stringify(cells);
}

/** Every success says the same. */
function messageOf(message: string, succeeded: boolean): string {
  return succeeded && /^success(ful)?$/i.test(message) ? '' : cutText(message, MAX_MESSAGE);
}

/** The row of a line. @throws SyntaxError for what `lineOf` did not write */
export function rowOf(line: string): IndexedRow {
  const [bucket, key, rawKey, versionId, succeeded, httpStatus, errorCode, message] = JSON.parse(
    line,
  ) as Cells;
  return {
    bucket,
    key,
    rawKey: rawKey === 0 ? key : rawKey,
    ...(versionId !== 0 && { versionId }),
    succeeded: succeeded === 1,
    ...(httpStatus !== 0 && { httpStatus }),
    errorCode,
    message,
  };
}

/** Tells whether a line's row has a text in what is shown of it, ignoring case. */
export function textMatcher(text: string): (line: string) => boolean {
  const wanted = text.toLowerCase();
  // As it would stand in the line: most lines are told by this alone.
  const escaped = JSON.stringify(wanted).slice(1, -1);
  return line => {
    if (!line.toLowerCase().includes(escaped)) return false;
    const { bucket, key, versionId = '', errorCode, message, httpStatus } = rowOf(line);
    return [key, errorCode, message, bucket, versionId, String(httpStatus ?? '')].some(cell =>
      cell.toLowerCase().includes(wanted),
    );
  };
}
