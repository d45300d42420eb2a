/** Roles, functions and buckets that a deployment made carry it; its value says whose they are. */
export const DEPLOYMENT_TAG = 'bucket-brigade:deployment';
