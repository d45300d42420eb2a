import { AwsError } from '../errors.ts';
import { wholeNumber } from '../iam/iamParameters.ts';
import { queryService } from '../queryProtocol.ts';
import type { QueryOperation } from '../queryProtocol.ts';
import { textElement } from '../xml.ts';
import { assumeRole, renderCredentials } from './assumeRole.ts';

/** Needs no permission: it answers even a caller who is denied everything. */
const getCallerIdentity: QueryOperation = (_services, { caller }) =>
  textElement('Arn', caller.arn) +
  textElement('UserId', caller.userId) +
  textElement('Account', caller.accountId);

const DAY = 24 * 60 * 60;

/** Temporary credentials of the caller; not for who has temporary ones already. */
const getSessionToken: QueryOperation = (services, { caller, temporary }, parameters) => {
  if (temporary) {
    throw new AwsError('AccessDenied', 403, 'Cannot call GetSessionToken with session credentials');
  }
  const seconds = wholeNumber(parameters, 'DurationSeconds', {
    least: 900,
    most: 1.5 * DAY,
    fallback: DAY / 2,
  });
  return renderCredentials(services.credentials.createSession(caller, seconds));
};

export const stsService = queryService({
  signingName: 'sts',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: {
    AssumeRole: assumeRole,
    GetCallerIdentity: getCallerIdentity,
    GetSessionToken: getSessionToken,
  },
});
