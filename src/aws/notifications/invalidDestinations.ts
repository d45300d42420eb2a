import { BrigadeError } from '../errors.ts';

/** S3's sentence where it may not send to a destination, or where there is none of that name. */
const SENTENCE = 'Unable to validate the following destination configurations';

/** Whether S3 refused a destination. */
export function isInvalidDestination(error: unknown): error is BrigadeError {
  return error instanceof BrigadeError && (error.awsMessage ?? '').startsWith(SENTENCE);
}

/**
 * The error with the destinations that S3 found wrong in its sentence. They may be of entries that
 * no one meant to change: S3 looks at all of them, those whose function is deleted by now included.
 * S3 gives them as `ArgumentName1`, `ArgumentValue1` … beside its sentence.
 */
export function nameDestinations(error: BrigadeError): BrigadeError {
  const refused = refusedDestinations(error);
  if (refused.length === 0) return error;
  const named = refused.map(({ arn, reason }) =>
    reason === undefined ? arn : `${arn} (${reason})`,
  );
  const awsMessage = `${SENTENCE}: ${named.join(', ')}`;
  const { subject, awsCode, requestId } = error;
  const details = { subject, awsCode, requestId, awsMessage, cause: error.cause };
  return new BrigadeError(error.code, awsMessage, details);
}

interface RefusedDestination {
  readonly arn: string;
  readonly reason?: string;
}

/** The destinations that S3 refused, each with its reason. */
export function refusedDestinations(error: BrigadeError): RefusedDestination[] {
  const fields = (error.cause ?? {}) as Readonly<Record<string, unknown>>;
  const refused: RefusedDestination[] = [];
  for (let index = 1; typeof fields[`ArgumentName${index}`] === 'string'; index++) {
    const arn = String(fields[`ArgumentName${index}`]).replace(/, null$/, '');
    const reason = fields[`ArgumentValue${index}`];
    refused.push(typeof reason === 'string' ? { arn, reason } : { arn });
  }
  return refused;
}
