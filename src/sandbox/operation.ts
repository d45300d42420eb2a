import type { Input } from './input.ts';
import type { Output } from './output.ts';
import type { Call } from './request.ts';

/**
 * One operation of a service that can be asked by several protocols. Nothing: an empty answer.
 * @typeParam Context what the service's folder says it needs
 */
export type Operation<Context> = (context: Context, call: Call, input: Input) => Output | undefined;

export type Operations<Context> = Readonly<Record<string, Operation<Context>>>;
