import { objectOf, optional, textOf, type Shape } from './shape.js';

/** What every workflow and activity is told of the study that it is for; see `StudyReference`. */
export const REFERENCE: Shape = objectOf({
  store: textOf(/^[^\0]{1,2000}$/, 'the folder or URL of a store'),
  storeId: optional(textOf(/^[0-9a-f]{32}$/, 'the id of a store, 32 hex digits')),
  study: textOf(/^[A-Za-z0-9][\w.-]{0,63}$/, 'the name of a study'),
  specHash: textOf(/^\w{1,64}$/, 'the hash of a study'),
});
