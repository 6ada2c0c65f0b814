import { type ActionGroup, type CoverageState, coverageOf, type Reason, type Rejection } from '@cloudoptim/core';
import type { AnalysisDocument } from '../document/analysis-document.js';
import type { Block, Text } from './block.js';
import { namesOf } from './describe-action.js';
import { describeGroup } from './describe-group.js';
import { placementBlocks } from './expected-placements.js';
import { count, counted, instant, perHour, perMonth, roughDuration, share } from './money.js';
import { someNames, subjectName } from './subjects.js';
import { verdictText, verificationBlocks } from './verification-blocks.js';

const mostGroups = 40;
const mostReasons = 8;

/** An analysis as a person reads it: the bill, the plan, why and why not, and everything that is not known. */
export function analysisBlocks(document: AnalysisDocument, nowMs: number): Block[] {
  return [
    ...clusterBlocks(document, nowMs),
    ...planBlocks(document),
    ...placementBlocks(document.plan.groups, document.legend),
    ...reasonBlocks(document),
    ...verificationBlocks(document.verification),
    ...notListedBlocks(document.snapshot),
    ...unpricedBlocks(document),
    ...inputBlocks(document),
  ];
}

function clusterBlocks({ snapshot, plan, prices, verification }: AnalysisDocument, nowMs: number): Block[] {
  const { currentUsdPerHour: current, savingsUsdPerHour: savings, projectedUsdPerHour: projected } = plan;
  const unpriced = prices.unpriced.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const age = nowMs - snapshot.takenAtMs;
  const priced = `${count(snapshot.nodes - unpriced)} of ${counted(snapshot.nodes, 'node')}`;
  const rows: (readonly [string, Text])[] = [
    [
      'Cluster',
      [
        counted(snapshot.nodes, 'node'),
        `${counted(snapshot.pods, 'pod')}${coverageOf(snapshot.coverage, 'Pod') === 'listed' ? '' : ' seen, not all listed'}`,
        `Kubernetes ${snapshot.kubernetesVersion ?? 'of unknown version'}`,
        prices.region ?? 'region unknown',
      ].join(', '),
    ],
    [
      'Seen',
      `${instant(snapshot.takenAtMs)}${age > 60_000 ? `, ${roughDuration(age)} ago` : ''}, from ${snapshot.source}`,
    ],
    [
      'Today',
      [
        { text: `${perHour(current)}  ${perMonth(current)}`, tone: 'strong' },
        unpriced > 0 ? `  for ${priced}; the others have no known price` : '',
      ],
    ],
  ];
  if (plan.groups.length > 0) {
    rows.push(
      ['After the plan', `${perHour(projected.point)}  ${perMonth(projected.point)}`],
      [
        'Saves',
        [
          { text: `${perHour(savings.point)}  ${perMonth(savings.point)}`, tone: 'good' },
          `  ${share(savings.point, current)}  ${intervalText(savings)}`,
        ],
      ],
    );
    if (plan.lowerBound !== undefined) {
      rows.push([
        'Lower bound',
        `${perHour(plan.lowerBound.usdPerHour)}: no plan can cost less, ${plan.lowerBound.scope}`,
      ]);
    }
  }
  rows.push(['Prices', pricesText(prices)], ['Verdict', verdictText(verification)]);
  return [{ kind: 'facts', rows }];
}

/** Arithmetic on known prices has no spread; everything else says how sure it is. */
function intervalText({
  lower,
  point,
  upper,
  confidence,
  basis,
}: AnalysisDocument['plan']['savingsUsdPerHour']): string {
  if (lower === point && upper === point) return `exact: ${basis}`;
  return `between ${perHour(lower)} and ${perHour(upper)} with ${Math.floor(confidence * 100)} % confidence: ${basis}`;
}

function pricesText({ region, own, used }: AnalysisDocument['prices']): string {
  const listed = used
    .filter(({ priceSource }) => priceSource === 'catalogue')
    .map(({ priceAsOfMs }) => priceAsOfMs ?? 0);
  const parts: string[] = [];
  if (listed.length > 0) parts.push(`AWS list prices on demand of ${day(Math.min(...listed))}`);
  if (own.length > 0) parts.push(`${counted(own.length, 'price')} of your own`);
  if (parts.length === 0) return 'none known';
  return `${parts.join(' and ')}${region === undefined ? '' : `, ${region}`}`;
}

function day(ms: number): string {
  return instant(ms).slice(0, 10);
}

function planBlocks({ plan, legend }: AnalysisDocument): Block[] {
  const names = namesOf(legend);
  const title = `Plan by engine ${plan.engine.id} ${plan.engine.version}${plan.truncated ? ' (search ended early)' : ''}`;
  if (plan.groups.length === 0) {
    return [
      { kind: 'heading', text: title },
      { kind: 'paragraph', text: 'Nothing to do: no change that the policy allows would lower the bill.' },
    ];
  }
  const entrusted = plan.groups.filter(({ executor }) => executor === 'karpenter').length;
  const rows = plan.groups.map((group) => ({ id: group.id, ...describeGroup(group, names) }));
  return [
    { kind: 'heading', text: title },
    {
      kind: 'table',
      columns: [
        { title: 'group' },
        { title: 'what' },
        { title: 'node' },
        { title: 'type' },
        { title: '$/h', align: 'right' },
        { title: 'pods moved', align: 'right' },
        { title: 'saves $/h', align: 'right' },
      ],
      rows: rows
        .slice(0, mostGroups)
        .map((row) => [
          row.id,
          row.what,
          row.node,
          row.instanceType,
          row.usdPerHour === null ? '' : row.usdPerHour.toFixed(4),
          count(row.evictions),
          row.savesUsdPerHour.toFixed(4),
        ]),
      ...(rows.length > mostGroups
        ? { more: `and ${rows.length - mostGroups} more groups; --output json has all` }
        : {}),
    },
    {
      kind: 'paragraph',
      text: `At most ${counted(plan.maxGroupsInFlight, 'group')} at a time. Valid until ${instant(plan.validUntilMs)}.${entrusted > 0 ? ` ${counted(entrusted, 'group')} ${entrusted === 1 ? 'is' : 'are'} left to Karpenter, which may also do nothing.` : ''}`,
    },
  ];
}

function reasonBlocks({ plan }: AnalysisDocument): Block[] {
  const blocks: Block[] = [];
  const reasons = topReasons(plan.groups);
  if (reasons.length > 0) {
    blocks.push({ kind: 'heading', text: 'Why' });
    blocks.push({
      kind: 'list',
      items: reasons.map(({ reason, groups }) => [
        { text: reason.code, tone: 'strong' },
        ` (${counted(groups, 'group')}): ${reason.message}`,
      ]),
    });
  }
  const left = rejectionsByCode(plan.rejections);
  if (left.length > 0) {
    blocks.push({ kind: 'heading', text: 'Left alone' });
    blocks.push({
      kind: 'list',
      items: left
        .slice(0, mostReasons)
        .map(({ code, subjects, example }) => [
          { text: code, tone: 'strong' },
          ` (${count(subjects)}): ${example.message}`,
        ]),
    });
    const more = left.length > mostReasons ? `and ${counted(left.length - mostReasons, 'more reason')}; ` : '';
    blocks.push({
      kind: 'paragraph',
      text: `${more}cloudoptim analyze --output json > plan.json, then cloudoptim explain --plan plan.json --node NAME tells about one node.`,
    });
  }
  return blocks;
}

/** One line a code, the most frequent first: forty nodes without room are one thing to know, not forty. */
function rejectionsByCode(rejections: readonly Rejection[]): { code: string; subjects: number; example: Reason }[] {
  const byCode = new Map<string, { code: string; subjects: number; example: Reason }>();
  for (const { reason, subjects } of rejections) {
    const known = byCode.get(reason.code);
    if (known === undefined) byCode.set(reason.code, { code: reason.code, subjects: subjects.length, example: reason });
    else known.subjects += subjects.length;
  }
  return [...byCode.values()].sort((a, b) => b.subjects - a.subjects);
}

/** Reasons for, the most frequent first; an action of a group repeats the reasons of its group, which count once. */
function topReasons(groups: readonly ActionGroup[]): { reason: Reason; groups: number }[] {
  const byCode = new Map<string, { reason: Reason; groups: number }>();
  for (const group of groups) {
    const own = new Map(group.actions.flatMap(({ reasons }) => reasons.map((reason) => [reason.code, reason])));
    for (const reason of own.values()) {
      const known = byCode.get(reason.code);
      if (known === undefined) byCode.set(reason.code, { reason, groups: 1 });
      else known.groups++;
    }
  }
  return [...byCode.values()].sort((a, b) => b.groups - a.groups).slice(0, mostReasons);
}

export function rejectionText({ reason, subjects }: Rejection): Text {
  const who = someNames(subjects.map(subjectName), 3);
  return [
    { text: reason.code, tone: 'strong' },
    ` (${count(subjects.length)}): ${reason.message} `,
    { text: who, tone: 'dim' },
  ];
}

/** Kinds of the Kubernetes API that were not wholly seen, whether or not this plan rests on them. */
function notListedBlocks({ coverage }: AnalysisDocument['snapshot']): Block[] {
  const kinds = [...new Set(coverage.map(({ kind }) => kind))].filter((kind) => !settings.includes(kind));
  const by = (state: CoverageState) => kinds.filter((kind) => coverageOf(coverage, kind) === state);
  const items = [
    ['not to be read with this login', by('forbidden')] as const,
    ['listed in part', by('partial')] as const,
    ['not listed', by('absent')] as const,
  ].filter(([, names]) => names.length > 0);
  if (items.length === 0) return [];
  return [
    { kind: 'heading', text: 'Not listed' },
    { kind: 'list', items: items.map(([what, names]) => `${what}: ${names.join(', ')}`) },
    { kind: 'paragraph', text: 'Unknown is not empty. All of them at once, without secrets:' },
    { kind: 'commands', lines: ['cloudoptim snapshot --out cluster.json.gz'] },
  ];
}

/** Entries of coverage that no list of objects fills. */
const settings = ['SchedulerConfiguration', 'Scale', 'ServerVersion'];

function unpricedBlocks({ prices }: AnalysisDocument): Block[] {
  if (prices.unpriced.length === 0) return [];
  return [
    { kind: 'heading', text: 'Not priced' },
    {
      kind: 'list',
      items: prices.unpriced.map(({ message, remedy, nodes }) => [
        { text: counted(nodes.length, 'node'), tone: 'warn' },
        `: ${message}. ${remedy} `,
        { text: someNames(nodes, 3), tone: 'dim' },
      ]),
    },
  ];
}

function inputBlocks({ snapshot: { conversion, notes } }: AnalysisDocument): Block[] {
  const items: Text[] = [
    ...notes,
    ...conversion.findings.slice(0, mostReasons).map((finding): Text => {
      const object = [
        finding.kind,
        [finding.namespace, finding.name].filter((part) => part !== undefined).join('/'),
      ].filter(Boolean);
      return [
        { text: finding.code, tone: finding.level === 'error' ? 'bad' : 'warn' },
        `: ${object.join(' ')}${finding.field === undefined ? '' : `, ${finding.field}`}: ${finding.message}`,
      ];
    }),
  ];
  const more = conversion.findings.length + conversion.findingsOmitted - mostReasons;
  if (more > 0) items.push(`and ${counted(more, 'more finding')}; --output json lists them`);
  const ignored = conversion.ignored.reduce((sum, { count: objects }) => sum + objects, 0);
  if (ignored > 0) {
    items.push(
      `${counted(ignored, 'object')} of other kinds ignored: ${someNames(
        conversion.ignored.map(({ kind }) => kind),
        5,
      )}`,
    );
  }
  if (conversion.withoutKind > 0) items.push(`${counted(conversion.withoutKind, 'document')} without a kind ignored`);
  return items.length === 0
    ? []
    : [
        { kind: 'heading', text: 'About the input' },
        { kind: 'list', items },
      ];
}
