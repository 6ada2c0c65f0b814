import { Command, InvalidArgumentError, Option } from 'commander';
import type { AnalyzeOptions } from './commands/analyze.js';
import type { EnginesOptions } from './commands/engines.js';
import type { ExplainOptions } from './commands/explain.js';
import type { SnapshotOptions } from './commands/snapshot.js';
import type { VerifyOptions } from './commands/verify.js';
import type { ExitCode } from './exit-code.js';
import { type EngineOption, parseEngineOption } from './input/engine-options.js';
import { type NodeGroupLimits, parseNodeGroupLimits } from './input/node-group-limits.js';
import type { Io } from './io.js';
import { ownVersion } from './version.js';

const outputs = ['table', 'json', 'yaml', 'markdown'] as const;
const exitCodes = `
Exit codes: 0 done or verified, 1 refused or above --fail-above, 2 bad input, 3 conditional, 4 internal error, 130 interrupted.`;

/**
 * All commands with their options and help. Commands are imported when they run, so that --help and --version answer at once.
 * `done` receives the exit code of the command that ran.
 */
export function createProgram(
  io: Io,
  done: (code: ExitCode) => void,
  collect: (text: string, to: 'out' | 'err') => void,
): Command {
  const program = new Command('cloudoptim')
    .description(
      'Finds what a Kubernetes cluster on AWS could cost less, and proves that the plan is safe. It only reads.',
    )
    .version(ownVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => collect(text, 'out'),
      writeErr: (text) => collect(text, 'err'),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      outputError: (text, write) => write(text.replace(/^error: /, 'cloudoptim: ')),
    })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Examples:
  $ cloudoptim analyze                               the current context of kubectl
  $ cloudoptim analyze --snapshot dump.json.gz       a dump, without any access to the cluster
  $ cloudoptim analyze --output json > plan.json
  $ cloudoptim explain --plan plan.json --node ip-10-0-1-2.ec2.internal
${exitCodes}`,
    );

  sourceOptions(program.command('analyze'))
    .description('print a plan that lowers the bill, what it saves, and whether it is safe')
    .addOption(outputOption([...outputs, 'karpenter']))
    .option(
      '--engine <NAME>',
      'engine: a built-in name, a package in this folder, or a path (runs its code)',
      'binpack',
    )
    .option(
      '--option <NAME=VALUE>',
      'option of the engine, as `cloudoptim engines --output json` lists them; may be repeated',
      engineOptions,
    )
    .option('--policy <FILE>', 'what the plan may do, YAML or JSON; defaults hold for what it leaves out')
    .option(
      '--prices <FILE>',
      'own prices, CSV or JSON: instanceType, zone (optional), capacityType, usdPerHour, asOf (optional)',
    )
    .option('--region <REGION>', 'region of the cluster, where its nodes do not tell')
    .option(
      '--now <TIME>',
      'ISO time of the analysis; for a snapshot the time it was taken, else the clock',
      instantArgument,
    )
    .option('--seed <NUMBER>', 'seed of all random choices', wholeNumber, 0)
    .option(
      '--work-limit <UNITS>',
      'end the search after so many units of work (one pod tested against one node class)',
      wholeNumber,
    )
    .option(
      '--fail-above <USD>',
      'exit with 1 when the plan would save more than this a month: a gate for CI',
      amountOfMoney,
    )
    .addHelpText(
      'after',
      `
Nothing is changed: the plan is printed, not executed.

Examples:
  $ cloudoptim analyze --context prod --namespace checkout --namespace search
  $ kubectl get nodes,pods,pdb,pvc,pv,deploy,rs,sts,ds -A -o json | cloudoptim analyze --snapshot - --listed pdb,pvc,pv
  $ cloudoptim analyze --snapshot dump/ --policy policy.yaml --prices spot.csv --output markdown
  $ cloudoptim analyze --fail-above 500
  $ cloudoptim analyze --output karpenter > nodepools.yaml     changes of NodePools that have Karpenter carry it out
  $ cloudoptim analyze --option emit=nodepools --output json > plan.json

--listed names kinds that a plain List covered although it holds none of them: kubectl prints nothing for a kind without
objects, and what was not listed is unknown, not empty.

A price file:
  instanceType,zone,capacityType,usdPerHour,asOf
  m6i.2xlarge,us-east-1a,spot,0.1432,2026-07-20
  m6i.2xlarge,,on-demand,0.2688,2026-07-20
${exitCodes}`,
    )
    .action(async (options: AnalyzeOptions) => {
      const { analyze } = await import('./commands/analyze.js');
      done(await analyze(options, io));
    });

  clusterOptions(program.command('snapshot'))
    .description('write the cluster to a file, without its secrets')
    .requiredOption('-o, --out <FILE>', 'file to write; .gz compresses it; - is the standard output')
    .option('-n, --namespace <NAME>', 'namespace to list where the whole cluster may not be; may be repeated', repeated)
    .option('--no-redact', 'keep env values, args, commands and the annotations that repeat them')
    .addHelpText(
      'after',
      `
With --snapshot it reads a dump instead of the cluster, and writes it without its secrets.

Examples:
  $ cloudoptim snapshot --out cluster.json.gz
  $ cloudoptim snapshot --context prod --out - | gzip > prod.json.gz
  $ cloudoptim snapshot --snapshot raw-dump/ --out redacted.json.gz
${exitCodes}`,
    )
    .action(async (options: SnapshotOptions) => {
      const { snapshot } = await import('./commands/snapshot.js');
      done(await snapshot(options, io));
    });

  sourceOptions(program.command('verify'))
    .description('check a plan against a cluster, independently of the engine that made it')
    .requiredOption('--plan <FILE>', 'what `analyze --output json` (or yaml) wrote; - is the standard input')
    .option(
      '--now <TIME>',
      'ISO time at which the plan is checked; for a snapshot the time it was taken, else the clock',
      instantArgument,
    )
    .option('--seed <NUMBER>', 'seed of all random choices; else one that the engine did not have', wholeNumber)
    .option(
      '--draws <NUMBER>',
      "least number of draws of the scheduler's ties, each of which must end well; else as many as take little time",
      wholeNumber,
    )
    .addOption(outputOption(['table', 'json', 'yaml', 'markdown']))
    .addHelpText(
      'after',
      `
Policy, region and prices come with the plan file.

Examples:
  $ cloudoptim verify --snapshot dump.json.gz --plan plan.json
  $ cloudoptim verify --snapshot dump.json.gz --plan plan.json --draws 500
  $ cloudoptim verify --plan plan.json               against the cluster as it is now
${exitCodes}`,
    )
    .action(async (options: VerifyOptions) => {
      const { verify } = await import('./commands/verify.js');
      done(await verify(options, io));
    });

  program
    .command('explain')
    .description('tell why a plan does something, or why it does not')
    .requiredOption('--plan <FILE>', 'what `analyze --output json` (or yaml) wrote; - is the standard input')
    .addOption(new Option('--node <NAME>', 'only this node').conflicts('workload'))
    .addOption(new Option('--workload <NAMESPACE/NAME>', 'only this workload'))
    .addOption(outputOption(['table', 'markdown', 'karpenter', 'karpenter-undo']))
    .addHelpText(
      'after',
      `
Examples:
  $ cloudoptim explain --plan plan.json
  $ cloudoptim explain --plan plan.json --output karpenter        what the plan changes of NodePools, to apply
  $ cloudoptim explain --plan plan.json --output karpenter-undo   the NodePools as they were
  $ cloudoptim explain --plan plan.json --node ip-10-0-1-2.ec2.internal
  $ cloudoptim explain --plan plan.json --workload checkout/cart
${exitCodes}`,
    )
    .action(async (options: ExplainOptions) => {
      const { explain } = await import('./commands/explain.js');
      done(await explain(options, io));
    });

  program
    .command('engines')
    .description('list the engines that can make a plan')
    .addOption(outputOption(['table', 'json']))
    .addHelpText(
      'after',
      `
Examples:
  $ cloudoptim engines
  $ cloudoptim engines --output json                 with the JSON Schema of their options
${exitCodes}`,
    )
    .action(async (options: EnginesOptions) => {
      const { engines } = await import('./commands/engines.js');
      done(await engines(options, io));
    });

  return program;
}

/** Where to read from, and what the input cannot tell of itself. */
function sourceOptions(command: Command): Command {
  return clusterOptions(command)
    .option('-n, --namespace <NAME>', 'move only pods of this namespace; may be repeated', repeated)
    .option('--listed <KINDS>', 'kinds that a plain List covered although it holds none, by comma', commaList)
    .option(
      '--node-group <NAME=MIN:MAX>',
      'limits of a managed node group, which only AWS knows; may be repeated',
      nodeGroups,
    );
}

function clusterOptions(command: Command): Command {
  return command
    .option('--snapshot <PATH>', 'dump to read instead of the cluster: file, folder, .gz, or - for the standard input')
    .option('--context <NAME>', 'context of kubectl; the current one when left out')
    .option('--kubeconfig <FILE>', 'kubeconfig of kubectl')
    .option('--kubectl-timeout <SECONDS>', 'how long one call of kubectl may take', positiveNumber, 60);
}

function outputOption(choices: readonly string[]): Option {
  return new Option('--output <FORMAT>', 'how to print the result').choices(choices).default('table');
}

function repeated(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

function commaList(value: string, earlier: readonly string[] = []): string[] {
  return [
    ...earlier,
    ...value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ];
}

function nodeGroups(value: string, earlier: readonly NodeGroupLimits[] = []): NodeGroupLimits[] {
  const limits = parseNodeGroupLimits(value);
  if (limits !== undefined) return [...earlier, limits];
  throw new InvalidArgumentError('It must be a name with its fewest and most nodes, for example system=2:6.');
}

function engineOptions(value: string, earlier: readonly EngineOption[] = []): EngineOption[] {
  const option = parseEngineOption(value);
  if (option !== undefined) return [...earlier, option];
  throw new InvalidArgumentError('It must be the name of an option and its value, for example orders=2.');
}

function positiveNumber(value: string): number {
  const number = Number(value);
  if (/^\d+(\.\d+)?$/.test(value) && number > 0 && number <= 86_400) return number;
  throw new InvalidArgumentError('It must be a number of seconds, more than zero and at most 86400.');
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('It must be a whole number.');
}

function amountOfMoney(value: string): number {
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be dollars a month, for example 500.');
}

function instantArgument(value: string): number {
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value)
    ? Date.parse(value)
    : Number.NaN;
  if (!Number.isNaN(instant)) return instant;
  throw new InvalidArgumentError('It must be an ISO time with its zone, for example 2026-10-05T09:00:00Z.');
}
