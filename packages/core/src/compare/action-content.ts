import { canonicalJson } from '../canonical-json.js';
import type { NodeRef } from '../intent.js';
import type { JsonValue } from '../json.js';
import type { Action, Plan } from '../plan.js';
import { offeringKey } from '../price-book.js';
import { workloadKey } from '../references.js';
import { touchedObjects, workloadOf } from '../seal/touched-objects.js';

/** An action as two plans can share it: without the ids and launch keys that each plan makes up for itself. */
export interface ActionContent {
  readonly action: Action;
  /** What is done to what: equal for actions that are each other's counterpart. */
  readonly identity: string;
  /** The same for people: `drain-node worker-7`. */
  readonly title: string;
  /** Each field as canonical JSON. */
  readonly fields: ReadonlyMap<string, string>;
}

/** All actions of a plan by their id. */
export function contentsOf(plan: Plan): ReadonlyMap<string, ActionContent> {
  const actions = plan.groups.flatMap((group) => group.actions);
  const launches = launchNames(actions);
  const identities = identitiesOf(actions, launches);
  return new Map(
    actions.map((action) => {
      const identity = identities.get(action.id) as string;
      return [action.id, { action, identity, title: titleOf(action), fields: fieldsOf(action, launches, identities) }];
    }),
  );
}

/** Names launches by what they launch, since their keys are the author's own. */
function launchNames(actions: readonly Action[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const seen = new Map<string, number>();
  for (const action of actions) {
    if (action.kind !== 'launch-node') continue;
    const name = offeringKey(action.offerings[0]);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    names.set(action.key, count === 1 ? name : `${name} (${count})`);
  }
  return names;
}

/** The same thing may be done to the same object several times: the n-th is the n-th's counterpart. */
function identitiesOf(actions: readonly Action[], launches: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const seen = new Map<string, number>();
  return new Map(
    actions.map((action) => {
      const about =
        action.kind === 'launch-node'
          ? launches.get(action.key)
          : touchedObjects(renamed(action as never, launches) as unknown as Action).writes.join('+');
      const name = `${action.kind}|${about}`;
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return [action.id, `${name}|${count}`];
    }),
  );
}

function fieldsOf(
  action: Action,
  launches: ReadonlyMap<string, string>,
  identities: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(action)) {
    if (name === 'id' || name === 'key') continue;
    const content = name === 'dependsOn' ? action.dependsOn.map((id) => identities.get(id) ?? id).sort() : value;
    fields.set(name, canonicalJson(renamed(content as JsonValue, launches)));
  }
  return fields;
}

/** A copy in which every `{ launch: key }` has the launch's shared name. */
function renamed(value: JsonValue, launches: ReadonlyMap<string, string>): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => renamed(item, launches));
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      const name = key === 'launch' && typeof field === 'string' ? launches.get(field) : undefined;
      return [key, name ?? renamed(field, launches)];
    }),
  );
}

function titleOf(action: Action): string {
  return `${action.kind} ${aboutOf(action)}`;
}

function aboutOf(action: Action): string {
  if (action.kind === 'launch-node') return offeringKey(action.offerings[0]).replaceAll('|', ' ');
  const workload = workloadOf(action);
  if (workload !== undefined) return workloadKey(workload);
  if ('node' in action) return nodeName(action, action.node);
  return touchedObjects(action).writes.join(', ').replaceAll('|', ' ');
}

/** The name is in the fact that the node exists; without it the uid has to do. */
function nodeName(action: Action, node: NodeRef): string {
  if (!('uid' in node)) return `the launched ${node.launch}`;
  for (const fact of action.expect) {
    if (fact.fact === 'node-exists' && 'uid' in fact.node && fact.node.uid === node.uid) return fact.name ?? node.uid;
  }
  return node.uid;
}
