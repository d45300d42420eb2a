import type { Input } from './input.ts';
import type { Output } from './output.ts';
import type { Call } from './request.ts';
import type { Services } from './sandboxServices.ts';

/** One operation of a service that can be asked by several protocols. Nothing: an empty answer. */
export type Operation = (services: Services, call: Call, input: Input) => Output | undefined;

export type Operations = Readonly<Record<string, Operation>>;
