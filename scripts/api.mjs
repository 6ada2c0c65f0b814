/**
 * Writes the public surface of every library package to packages/NAME/etc/NAME.api.md, so that a change of it shows
 * in review. It reads the built declarations.
 *
 *   npm run api        update the reports
 *   npm run api:check  fail when a report differs from what is committed
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { readPackages, root } from './lib/packages.mjs';

const check = process.argv.includes('--check');
let failed = false;

for (const item of readPackages()) {
  if (!item.isLibrary) continue;
  if (!existsSync(join(item.path, 'dist', 'index.d.ts'))) {
    fail(`${item.name}: there are no declarations to report on; run: npm run build`);
    continue;
  }
  // API Extractor asks for both folders to exist.
  for (const folder of ['etc', 'temp']) mkdirSync(join(item.path, folder), { recursive: true });

  const config = ExtractorConfig.loadFileAndPrepare(join(item.path, 'api-extractor.json'));
  const messages = [];
  const result = Extractor.invoke(config, {
    localBuild: !check,
    showVerboseMessages: false,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error || message.logLevel === ExtractorLogLevel.Warning) {
        messages.push(message.formatMessageWithLocation(root));
      }
    },
  });
  const report = config.reportFilePath.slice(root.length + 1);
  if (check && result.apiReportChanged) {
    const what = existsSync(config.reportFilePath)
      ? `differs from the public surface:\n${difference(config)}`
      : 'is missing';
    fail(`${report} ${what}\nIf the change is meant: npm run api, and commit the report.`);
  } else if (result.errorCount > 0) {
    fail(`${item.name}: ${messages.join('\n')}`);
  } else {
    console.log(`${result.apiReportChanged ? 'updated' : 'same   '} ${report}`);
  }
}
if (failed) process.exitCode = 1;

function fail(message) {
  failed = true;
  console.error(message);
}

/** The lines that only one of the two reports has; enough to see what changed without a diff program. */
function difference({ reportFilePath, reportTempFilePath }) {
  const linesOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : []);
  const [before, after] = [linesOf(reportFilePath), linesOf(reportTempFilePath)];
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  const added = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...added].slice(0, 60).join('\n');
}
