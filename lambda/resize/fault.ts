/**
 * What kind of fault stops an object from being resized:
 * - `permanent`: trying again gives the same answer (not an image, too large, corrupt);
 * - `configuration`: somebody has to change a permission, a bucket or a setting first;
 * - `transient`: trying again may help (a network, S3 slowing down, a function that ran out of time).
 */
export type FaultKind = 'permanent' | 'configuration' | 'transient';

/** Why one object was not resized. Its `name` is the error's type in logs, results and metrics. */
export class Fault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.name = name;
  }
}

/** A fault that no retry will fix. */
export function permanent(name: string, message: string, options?: ErrorOptions): Fault {
  return new Fault('permanent', name, message, options);
}
