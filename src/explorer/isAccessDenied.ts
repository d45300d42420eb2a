import { BrigadeError } from '../aws/errors.ts';

export function isAccessDenied(error: unknown): boolean {
  return error instanceof BrigadeError && error.code === 'AccessDenied';
}
