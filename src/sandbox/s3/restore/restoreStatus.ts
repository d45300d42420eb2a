import { header } from '../../request.ts';
import type { SandboxRequest } from '../../request.ts';
import { element, textElement } from '../../xml.ts';
import { invalidArgument } from '../errors.ts';
import { restoreFromText } from '../store/restoreColumns.ts';
import { restorePhase } from '../store/restoreState.ts';

const OPTIONAL_ATTRIBUTES = 'x-amz-optional-object-attributes';

/**
 * What a listing adds to each object when the request asks for RestoreStatus.
 * @returns renders the column in which a version keeps its restore
 * @throws AwsError InvalidArgument for another attribute
 */
export function readRestoreStatus(
  request: Pick<SandboxRequest, 'headers'>,
  now: Date,
): (restore: string | null) => string {
  const text = header(request, OPTIONAL_ATTRIBUTES);
  if (text === undefined) return () => '';
  if (text.split(',').some(name => name.trim() !== 'RestoreStatus')) {
    throw invalidArgument('Invalid attribute name specified', OPTIONAL_ATTRIBUTES, text);
  }
  return restore => renderRestoreStatus(restore, now);
}

function renderRestoreStatus(text: string | null, now: Date): string {
  const restore = restoreFromText(text);
  const phase = restorePhase(restore, now);
  if (!restore || phase === 'none') return '';
  const expiry = phase === 'restored' ? new Date(restore.expires).toISOString() : undefined;
  return element(
    'RestoreStatus',
    textElement('IsRestoreInProgress', phase === 'ongoing'),
    textElement('RestoreExpiryDate', expiry),
  );
}
