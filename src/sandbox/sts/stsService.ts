import { AwsError, notImplemented } from '../errors.ts';
import { wholeNumber } from '../iam/iamParameters.ts';
import { queryService } from '../queryProtocol.ts';
import type { QueryServiceOptions } from '../queryProtocol.ts';
import type { ServiceAdapter } from '../serviceAdapter.ts';
import { textElement } from '../xml.ts';
import type { StsContext, StsOperation } from './stsContext.ts';
import { assumeRole, renderCredentials } from './assumeRole.ts';

/** Needs no permission: it answers even a caller who is denied everything. */
const getCallerIdentity: StsOperation = (_context, { caller }) =>
  textElement('Arn', caller.arn) +
  textElement('UserId', caller.userId) +
  textElement('Account', caller.accountId);

const DAY = 24 * 60 * 60;

/** Temporary credentials of the caller; not for who has temporary ones already. */
const getSessionToken: StsOperation = (context, { caller, temporary }, parameters) => {
  if (temporary) {
    throw new AwsError('AccessDenied', 403, 'Cannot call GetSessionToken with session credentials');
  }
  for (const name of ['SerialNumber', 'TokenCode']) {
    if (parameters.has(name)) throw notImplemented(`GetSessionToken with ${name}`);
  }
  const seconds = wholeNumber(parameters, 'DurationSeconds', {
    least: 900,
    most: 1.5 * DAY,
    fallback: DAY / 2,
    repeats: true,
  });
  return renderCredentials(context.credentials.createSession(caller, seconds));
};

const OPTIONS: QueryServiceOptions<StsContext> = {
  name: 'sts',
  signingName: 'sts',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  version: '2011-06-15',
  operations: {
    AssumeRole: assumeRole,
    GetCallerIdentity: getCallerIdentity,
    GetSessionToken: getSessionToken,
  },
};

/** AWS Security Token Service. */
export const stsService = (context: StsContext): ServiceAdapter => queryService(OPTIONS, context);
