/** Where a value comes from, for display. */
export type Origin =
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly section: string;
      readonly key: string;
    }
  | { readonly kind: 'environment'; readonly variable: string }
  /** The user's own choice for this connection. */
  | { readonly kind: 'chosen' }
  | { readonly kind: 'default' };

export interface Setting<T> {
  readonly value: T;
  readonly origin: Origin;
}
