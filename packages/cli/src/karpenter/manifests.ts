import type { Action, JsonValue, Plan } from '@cloudoptim/core';
import { shellWord } from '@cloudoptim/scheduling';
import type { AnalysisDocument } from '../document/analysis-document.js';
import { namesOf } from '../render/describe-action.js';
import { describeGroup } from '../render/describe-group.js';
import { counted, instant, perHour } from '../render/money.js';
import { UserError } from '../user-error.js';
import { guardedPatch } from './guarded-patch.js';

/** `karpenter` carries the plan out; `karpenter-undo` puts back what it changed for a while. */
export type ManifestFormat = 'karpenter' | 'karpenter-undo';

interface Manifest {
  readonly why: readonly string[];
  readonly object: object;
  /** That carries it out by hand. */
  readonly command: string;
}

/**
 * What a plan changes of NodePools and NodeOverlays, as YAML to commit, and the commands that do it by hand. NodePools hold only
 * the fields that change, for a patch; NodeOverlays are whole. To apply such a NodePool would take away what it leaves out:
 * kubectl counts fields of earlier applies as the new manager's own, even on the server's side. Throws UserError for a plan
 * that acts on nodes itself.
 */
export async function karpenterManifests(document: AnalysisDocument, format: ManifestFormat): Promise<string> {
  const { plan } = document;
  const own = plan.groups.filter(({ executor }) => executor === undefined).flatMap(({ actions }) => actions);
  if (own.some(({ kind }) => kind !== 'configure-nodepool' && kind !== 'configure-nodeoverlay')) {
    throw new UserError(
      'This plan acts on nodes by itself. For one that is carried out by Karpenter, analyze with --option emit=nodepools.',
    );
  }
  const manifests = format === 'karpenter' ? changes(own) : restorations(own);
  const header = format === 'karpenter' ? changeHeader(document, manifests) : undoHeader(plan, own, manifests);
  const { stringify } = await import('yaml');
  const documents = manifests.map(
    ({ why, object }) => `---\n${comment(why)}${stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 })}`,
  );
  return `${comment(header)}${documents.join('')}`;
}

/** The first change of each pool: the plan itself puts it back at its end. */
function changes(actions: readonly Action[]): Manifest[] {
  const seen = new Set<string>();
  return actions.flatMap((action): Manifest[] => {
    const why = action.reasons.map(({ code, message }) => `${code}: ${message}`);
    if (action.kind === 'configure-nodeoverlay' && action.spec !== null)
      return [{ why, object: nodeOverlay(action.nodeOverlay, action.spec), command: applyOverlays }];
    if (action.kind !== 'configure-nodepool' || seen.has(action.nodePool)) return [];
    seen.add(action.nodePool);
    return [poolManifest(action.nodePool, action.patch, action.prior, why)];
  });
}

function restorations(actions: readonly Action[]): Manifest[] {
  const seen = new Set<string>();
  return actions.flatMap((action): Manifest[] => {
    if (action.kind !== 'configure-nodepool' || seen.has(action.nodePool)) return [];
    seen.add(action.nodePool);
    return [poolManifest(action.nodePool, action.prior, action.patch, [])];
  });
}

function poolManifest(name: string, patch: JsonValue, prior: JsonValue, why: readonly string[]): Manifest {
  return {
    why,
    object: { apiVersion: 'karpenter.sh/v1', kind: 'NodePool', metadata: { name }, ...(patch as object) },
    command: `kubectl patch nodepool ${shellWord(name)} --type json --patch ${shellWord(JSON.stringify(guardedPatch(patch, prior)))}`,
  };
}

const ours = { key: 'app.kubernetes.io/managed-by', value: 'cloudoptim' };
/** The selector passes over NodePools, which are not whole. */
const applyOverlays = `kubectl apply -f FILE -l ${ours.key}=${ours.value}`;

function nodeOverlay(name: string, spec: unknown): object {
  const metadata = { name, labels: { [ours.key]: ours.value } };
  return { apiVersion: 'karpenter.sh/v1alpha1', kind: 'NodeOverlay', metadata, spec };
}

function commandsOf(manifests: readonly Manifest[]): string[] {
  return [...new Set(manifests.map(({ command }) => command))].map((command) => `  ${command}`);
}

function changeHeader({ plan, legend, verification }: AnalysisDocument, manifests: readonly Manifest[]): string[] {
  const { point, lower, upper } = plan.savingsUsdPerHour;
  const names = namesOf(legend);
  const expected = plan.groups.filter(({ executor }) => executor === 'karpenter');
  const title = `Plan ${plan.id.slice(0, 12)} by ${plan.engine.id} ${plan.engine.version}`;
  if (expected.length === 0) return [`${title}: nothing to do.`];
  return [
    `${title}: saves ${perHour(point)} where Karpenter acts, between ${perHour(lower)} and ${perHour(upper)}.`,
    `Verdict: ${verification.verdict}. Valid until ${instant(plan.validUntilMs)}.`,
    '',
    ...(manifests.length === 0
      ? ['Karpenter is expected to do this without any change.']
      : [
          'NodePools hold only what changes: in a kustomization they are patches. Do not apply them. By hand, where a patch is',
          'refused once somebody has changed the pool (then analyze again):',
          ...commandsOf(manifests),
          '',
          'Once it is done, or the plan is no longer valid:',
          '  cloudoptim explain --plan plan.json --output karpenter-undo',
        ]),
    '',
    `Expected of Karpenter, in ${counted(expected.length, 'step')}:`,
    ...expected.map((group) => {
      const { what, node, instanceType, evictions, savesUsdPerHour } = describeGroup(group, names);
      return `  ${group.id}: ${what} ${node} (${instanceType}, ${counted(evictions, 'pod')} moved), saves ${perHour(savesUsdPerHour)}`;
    }),
  ];
}

function undoHeader(plan: Plan, actions: readonly Action[], manifests: readonly Manifest[]): string[] {
  const overlays = actions.flatMap((action) =>
    action.kind === 'configure-nodeoverlay' && action.prior === null ? [action.nodeOverlay] : [],
  );
  return [
    `NodePools as they were before plan ${plan.id.slice(0, 12)}. Nothing drifts by that. Refused where somebody has changed them since.`,
    ...commandsOf(manifests),
    ...(overlays.length === 0
      ? []
      : [
          'Prices stay true; to take them back as well:',
          `  kubectl delete nodeoverlays ${overlays.map(shellWord).join(' ')}`,
        ]),
  ];
}

function comment(lines: readonly string[]): string {
  // What is in a cluster may hold a line break, which would end the comment.
  return lines.map((line) => `${`# ${line.replaceAll(/[\r\n]+/g, ' ')}`.trimEnd()}\n`).join('');
}
