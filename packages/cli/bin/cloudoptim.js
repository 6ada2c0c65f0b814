#!/usr/bin/env node
// Committed, because npm links a bin only when the file exists at install time, before the first build.
// Plain old syntax and no static import: an old Node must be able to read this file far enough to print the sentence.
var version = process.versions.node.split('.').map(Number);

if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  process.stderr.write(
    'cloudoptim needs Node.js 20.19 or newer; this is ' +
      process.versions.node +
      '. Install a newer one: https://nodejs.org\n',
  );
  process.exitCode = 1;
} else {
  import('../dist/main.js').catch(function (error) {
    process.stderr.write('cloudoptim could not start: ' + (error && error.stack ? error.stack : error) + '\n');
    process.exitCode = 1;
  });
}
