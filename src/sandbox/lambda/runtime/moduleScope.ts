import * as nodeModule from 'node:module';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

interface ResolveResult {
  readonly url: string;
}
type NextResolve = (specifier: string, context?: unknown) => ResolveResult;
type RegisterHooks = (hooks: {
  resolve: (specifier: string, context: unknown, next: NextResolve) => ResolveResult;
}) => void;

/**
 * Hides the packages of folders above the code. On AWS there are none above /var/task; here the data
 * folder may lie in a project whose node_modules would make a function work that fails on AWS.
 */
export function confineModules(taskRoot: string): void {
  const { registerHooks } = nodeModule as unknown as { registerHooks?: RegisterHooks };
  const roots = [taskRoot, ...(process.env['NODE_PATH'] ?? '').split(delimiter)]
    .filter(folder => folder !== '' && existsSync(folder))
    .map(folder => realpathSync(folder) + sep);
  registerHooks?.({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const bare = !/^(\.{0,2}\/|file:|node:|data:|[a-z]:\\)/i.test(specifier);
      if (!bare || !found.url.startsWith('file:')) return found;
      const path = fileURLToPath(found.url);
      if (roots.some(root => path.startsWith(root)) || !path.includes('node_modules')) return found;
      throw notFound(specifier);
    },
  });
}

function notFound(specifier: string): Error {
  const error = new Error(`Cannot find module '${specifier}'`);
  return Object.assign(error, { code: 'MODULE_NOT_FOUND' });
}
