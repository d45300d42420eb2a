import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { LambdaFunction } from '../functions/functions.ts';
import type { WantedCode } from './functionCode.ts';
import type { WantedSettings } from './functionSettings.ts';

/** A function that is made by us and kept as it must be. */
export interface OwnFunction {
  readonly clients: AwsClients;
  readonly options: CallOptions;
  readonly region: string;
  readonly functionName: string;
  /** The value of our tag: whose deployment it is. */
  readonly owner: string;
  readonly description: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly code: WantedCode;
  /** @param found the function that is there: what a person added to it stays */
  readonly settings: (found?: LambdaFunction) => WantedSettings;
  /** What a variable means that is not set. */
  readonly defaultOf?: (variable: string) => string | undefined;
}
