import { objectArn } from '../s3Uri.ts';

/** What policies are written of. Nothing here loads the AWS SDK. */

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** A trust policy that lets a service assume the role, and nobody else. */
export function trustPolicy(service: string) {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  } as const;
}

/** The objects of a bucket whose keys begin with a prefix, as a policy names them. */
export function below(partition: string, bucket: string, prefix = ''): string {
  return objectArn(partition, bucket, `${withoutWildcards(prefix)}*`);
}

/** In a policy `*` and `?` match anything and `$` begins a variable; these stand for themselves. */
export function withoutWildcards(text: string): string {
  return text.replace(/[*?$]/g, character => `\${${character}}`);
}
