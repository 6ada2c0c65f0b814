// Plain old syntax and no imports, so that an old Node can read this file and say the sentence.

/** Prints one sentence and returns false when this Node is older than the workspace needs. */
export function isNodeNewEnough() {
  var version = process.versions.node.split('.').map(Number);
  if (version[0] > 20 || (version[0] === 20 && version[1] >= 19)) return true;
  process.stderr.write(
    'CloudOptim needs Node.js 20.19 or newer; this is ' +
      process.versions.node +
      '. Install a newer one: https://nodejs.org\n',
  );
  return false;
}
