import { sandboxUser } from '../principal.ts';
import { element, textElement } from '../xml.ts';
import type { IamOperation } from './iamContext.ts';
import { authorize } from './authorize.ts';
import { noSuchEntity, validationError } from './iamErrors.ts';

/** There is one user: whose keys the sandbox prints. */
export const getUser: IamOperation = (context, { caller }, parameters) => {
  const user = sandboxUser(context.accountId);
  const userName = user.arn.slice(user.arn.lastIndexOf('/') + 1);
  const asked = parameters.get('UserName') ?? (caller.kind === 'role' ? undefined : userName);
  if (asked === undefined) {
    throw validationError('Must specify userName when calling with non-User credentials');
  }
  authorize(context, caller, 'iam:GetUser', `arn:aws:iam::${context.accountId}:user/${asked}`);
  if (asked !== userName) throw noSuchEntity(`The user with name ${asked} cannot be found.`);
  return element(
    'User',
    textElement('Path', '/'),
    textElement('UserName', userName),
    textElement('UserId', user.userId),
    textElement('Arn', user.arn),
    textElement('CreateDate', '2026-01-01T00:00:00Z'),
  );
};
