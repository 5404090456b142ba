import { Command } from 'commander';
import { verifyStudy, type Verification } from '../results/verify.js';
import { EXIT } from './exit-codes.js';
import { jsonOption, storeOption } from './options.js';
import { print, printJson } from './output.js';
import { printableLine } from './printable.js';
import { warnIfOtherVersion } from './shown-version.js';
import { findStudy, NAME_ARGUMENT } from './study-name.js';

/** More missing points than this are counted, not listed; `--json` has the first thousand. */
const MOST_LISTED = 10;

/** `ufm-sweep verify NAME`: every point exactly once, every byte as written. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('check that every point is there exactly once and every byte is as it was written')
    .argument('<name>', NAME_ARGUMENT)
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async (name: string, options: { store: string; json: boolean }) => {
      const { store, reference } = await findStudy(options.store, name);
      const verification = await verifyStudy(store, reference.study, reference.specHash);
      warnIfOtherVersion(reference.study, verification.numericalVersion);
      if (options.json) printJson(verification);
      else print(describe(verification, name, options.store));
      if (!verification.ok) process.exitCode = EXIT.failed;
    });
}

function describe(
  { ok, points, parts, plans, missing, problems }: Verification,
  name: string,
  store: string,
): string {
  const files = parts.total + plans.total;
  const lines = [
    `${ok ? 'ok' : 'NOT ok'}: ${points.present} of ${points.expected} points present, ${points.missing} missing, ` +
      `${points.duplicate} duplicate, ${points.failed} failed; ${files} files checked, ${problems.length} with a problem`,
    ...(points.superseded > 0
      ? [`  ${points.superseded} rows of points that were solved again do not count`]
      : []),
    ...(points.older > 0
      ? [`  ${points.older} rows of older numerical versions do not count`]
      : []),
    ...(points.contradicting > 0
      ? [
          `  ${points.contradicting} points have rows that rule each other out: one of them is wrong`,
        ]
      : []),
    ...problems.map(({ path, reason }) => printableLine(`  ${path}: ${reason}`)),
    ...parts.misnamed.map(
      (path) => `  ${printableLine(path)}: holds other points than its name says`,
    ),
    ...missing
      .slice(0, MOST_LISTED)
      .map(({ grid, coordinates }) => printableLine(`  missing from ${grid}: ${coordinates}`)),
  ];
  if (points.missing > MOST_LISTED) lines.push(`  and ${points.missing - MOST_LISTED} more`);
  if (!ok)
    lines.push(
      `Solve exactly what is missing or damaged with: ufm-sweep retry ${name} --store ${store}`,
    );
  return lines.join('\n');
}
