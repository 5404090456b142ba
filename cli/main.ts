#!/usr/bin/env node
import { planEnds } from './ends.js';

planEnds();
// Not before: what goes wrong in here, from the first import on, is told as everything else is.
await import('./program.js');
