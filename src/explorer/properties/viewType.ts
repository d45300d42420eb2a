/** Of the pages of properties: their tabs are restored after a restart. Loaded at activation. */
export const PROPERTIES_VIEW = 'bucketBrigade.properties';
