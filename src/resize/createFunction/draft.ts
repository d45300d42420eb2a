import type { ObjectAddress } from '../../aws/objects/objectUrl.ts';
import type { Architecture } from '../../aws/resizeDeployment/target.ts';
import type { RoleChoice } from '../askRole.ts';
import { DEFAULT_FUNCTION_NAME } from '../../vscode/deployment/resizeDraft.ts';

/** The answers so far to what a function made from a zip needs to know. */
export interface FunctionDraft {
  code?: ObjectAddress;
  functionName?: string;
  role?: RoleChoice;
  runtime?: string;
  handler?: string;
  architecture?: Architecture;
}

export type CompleteFunctionDraft = Required<FunctionDraft>;

export type FunctionQuestion = keyof FunctionDraft;

/** What is asked, in its order. The rest has defaults, which the review shows and lets one change. */
export const FUNCTION_QUESTIONS = ['code', 'functionName', 'role'] as const;

/** The runtimes that are offered; another that Lambda has can be typed. */
export const RUNTIMES: readonly string[] = [
  'nodejs24.x',
  'nodejs22.x',
  'python3.14',
  'python3.13',
  'java25',
  'java21',
  'dotnet10',
  'ruby3.4',
  'provided.al2023',
];

/** Whether a text looks like a runtime: `nodejs24.x`, `provided.al2023`. */
export function isRuntime(text: string): boolean {
  return /^(nodejs|python|java|dotnet|ruby|provided)[a-z0-9.]*$/.test(text);
}

/** A name for a function from a zip's key; the lab's own for `function.zip`, which names nothing. */
export function suggestedFunctionName(key: string): string {
  const file = key.slice(key.lastIndexOf('/') + 1).replace(/\.zip$/i, '');
  const name = file.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 64);
  return /^-*$/.test(name) || name === 'function' ? DEFAULT_FUNCTION_NAME : name;
}

/** The handler that Lambda's own examples have in a runtime. */
export function usualHandler(runtime: string): string {
  if (runtime.startsWith('nodejs')) return 'index.handler';
  if (runtime.startsWith('python') || runtime.startsWith('ruby')) {
    return 'lambda_function.lambda_handler';
  }
  if (runtime.startsWith('java')) return 'example.Handler::handleRequest';
  return runtime.startsWith('dotnet') ? 'Assembly::Namespace.Class::Method' : 'bootstrap';
}

/** Whether Lambda takes a text as a handler (CreateFunction, Handler). */
export function isHandler(text: string): boolean {
  return /^[^\s]{1,128}$/.test(text);
}
