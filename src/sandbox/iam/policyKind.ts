/** Whose policy it is, which decides what its statements may hold. */
export type PolicyKind = 'identity' | 'trust';
