import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './runtimeErrors.ts';

export type Handler = (...args: unknown[]) => unknown;

/**
 * Loads a function's handler by the rules of AWS's Node.js runtime: `folder/module.export.property`,
 * the module with no extension, `.js`, `.mjs` or `.cjs`.
 * @param root the folder of the code
 * @throws RuntimeError Runtime.MalformedHandlerName, Runtime.ImportModuleError,
 * Runtime.UserCodeSyntaxError, Runtime.HandlerNotFound; or what the module throws
 */
export async function loadHandler(root: string, handlerText: string): Promise<Handler> {
  if (handlerText.includes('..')) {
    throw new RuntimeError(
      'Runtime.MalformedHandlerName',
      `'${handlerText}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const file = basename(handlerText);
  const folder = handlerText.slice(0, handlerText.length - file.length);
  const dot = file.indexOf('.');
  if (dot <= 0) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const loaded = await loadModule(root, folder, file.slice(0, dot));
  return findExport(loaded, file.slice(dot + 1), handlerText);
}

async function loadModule(root: string, folder: string, name: string): Promise<unknown> {
  try {
    return await tryFiles(root, folder, name);
  } catch (thrown) {
    if (isCodeError(thrown, 'SyntaxError')) {
      throw new RuntimeError('Runtime.UserCodeSyntaxError', String(thrown), thrown);
    }
    const { code } = (thrown ?? {}) as { code?: unknown };
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
      throw new RuntimeError('Runtime.ImportModuleError', String(thrown), thrown);
    }
    throw thrown;
  }
}

async function tryFiles(root: string, folder: string, name: string): Promise<unknown> {
  const path = resolve(root, folder, name);
  const require = createRequire(join(root, 'index.js'));
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return require(path) as unknown;
  if (existsSync(`${path}.js`)) {
    return isModulePackage(root, path)
      ? ((await import(pathToFileURL(`${path}.js`).href)) as unknown)
      : (require(`${path}.js`) as unknown);
  }
  if (existsSync(`${path}.mjs`))
    return (await import(pathToFileURL(`${path}.mjs`).href)) as unknown;
  if (existsSync(`${path}.cjs`)) return require(`${path}.cjs`) as unknown;
  // As a package of that name; what is not found there is the answer.
  return require(require.resolve(name, { paths: [root, join(root, folder)] })) as unknown;
}

/** Whether the nearest package.json, not above the code's root, says that `.js` is an ES module. */
function isModulePackage(root: string, path: string): boolean {
  for (let folder = dirname(path); folder.startsWith(resolve(root)); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    try {
      return (JSON.parse(readFileSync(file, 'utf8')) as { type?: unknown }).type === 'module';
    } catch {
      return false;
    }
  }
  return false;
}

function findExport(loaded: unknown, path: string, handlerText: string): Handler {
  let value = loaded;
  for (const name of path.split('.')) {
    value = (value as Record<string, unknown> | null | undefined)?.[name];
  }
  // CommonJS seen through import() has its exports in `default`.
  value ??= (loaded as { default?: Record<string, unknown> }).default?.[path];
  if (value === undefined || value === null) {
    throw new RuntimeError(
      'Runtime.HandlerNotFound',
      `${handlerText} is undefined or not exported`,
    );
  }
  if (typeof value !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handlerText} is not a function`);
  }
  return value as Handler;
}

function isCodeError(thrown: unknown, name: string): boolean {
  return thrown instanceof Error && thrown.name === name;
}
