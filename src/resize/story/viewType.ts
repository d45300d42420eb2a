/** Of the pages that follow objects: their tabs are restored after a restart. Loaded at activation. */
export const STORY_VIEW = 'bucketBrigade.story';
