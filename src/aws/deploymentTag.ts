/** Roles, functions and buckets that a deployment made carry it; its value is the source bucket. */
export const DEPLOYMENT_TAG = 'bucket-brigade:deployment';
