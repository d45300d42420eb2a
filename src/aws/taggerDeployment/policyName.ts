/** The name of our policy in the tagger's role. */
export const POLICY_NAME = 'BucketBrigadeTagger';
