import type { QueryOperation } from '../queryProtocol.ts';
import { sandboxUser } from '../principal.ts';
import { element, textElement } from '../xml.ts';
import { noSuchEntity } from './iamErrors.ts';

/** There is one user: whose keys the sandbox prints. */
export const getUser: QueryOperation = (services, { caller }, parameters) => {
  const user = sandboxUser(services.accountId);
  const userName = user.arn.slice(user.arn.lastIndexOf('/') + 1);
  const asked = parameters.get('UserName') ?? (caller.kind === 'role' ? '' : userName);
  if (asked !== userName) throw noSuchEntity(`The user with name ${asked}`);
  return element(
    'User',
    textElement('Path', '/'),
    textElement('UserName', userName),
    textElement('UserId', user.userId),
    textElement('Arn', user.arn),
    textElement('CreateDate', '2026-01-01T00:00:00Z'),
  );
};
