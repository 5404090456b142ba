#!/usr/bin/env node
import { planEnds } from './ends.js';
import { relaunched } from './relaunch.js';

planEnds();
// Not before: what goes wrong in here, from the first import on, is told as everything else is.
if (!relaunched()) await import('./program.js');
