import type { JobRequest } from '../../aws/preflight/jobParts.ts';
import type { Session } from '../../services.ts';
import { checkText } from './checkText.ts';
import { checkTitle } from './checkTitles.ts';

/**
 * Lists what would make a job fail, a line each. A changed manifest isn't listed: creating the job asks
 * about it.
 *
 * @throws BrigadeError `Cancelled` only
 */
export async function findFailures(
  { clients, identity }: Session,
  request: JobRequest,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { preflight } = await import('../../aws/preflight/preflight.ts');
  const { checks } = await preflight(clients, request, { callerArn: identity.arn }, { signal });
  return checks
    .filter(({ status, reason }) => status === 'failed' && reason.kind !== 'staleETag')
    .map(check => `${checkTitle(check)}: ${checkText(check)}`);
}
