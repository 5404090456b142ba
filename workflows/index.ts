/** What an orchestrator runs: the workflows, by the names of their types. */
export { scheduled } from './scheduled.js';
export { segment } from './segment.js';
export { study } from './study.js';
