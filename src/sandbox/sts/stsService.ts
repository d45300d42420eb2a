import { queryService } from '../queryProtocol.ts';
import type { QueryOperation } from '../queryProtocol.ts';
import { textElement } from '../xml.ts';

/** Needs no permission: it answers even a caller who is denied everything. */
const getCallerIdentity: QueryOperation = (_services, { caller }) =>
  textElement('Arn', caller.arn) +
  textElement('UserId', caller.userId) +
  textElement('Account', caller.accountId);

export const stsService = queryService({
  signingName: 'sts',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: { GetCallerIdentity: getCallerIdentity },
});
