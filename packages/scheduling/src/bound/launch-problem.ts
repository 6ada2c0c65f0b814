import type { ClusterState, Market, Policy } from '@cloudoptim/core';
import type { StatedProblem } from './bound-problem.js';
import { demandOf } from './demand.js';
import { exclusiveGroups } from './exclusive-groups.js';
import { everyLaunchColumn } from './launch-columns.js';
import { rowsOf } from './rows.js';

/**
 * States the problem of placing all pods, those that wait among them, on new nodes alone. Every offering that every NodePool may
 * launch is a column with the key `type|zone|capacity type|pool`, those that others make superfluous too, since an author may
 * have reasons to leave those others out.
 */
export function launchProblem(state: ClusterState, market: Market, policy: Policy): StatedProblem {
  const rows = rowsOf(state, market);
  const { classes, rules, classOf } = demandOf(state, policy, rows, exclusiveGroups(state), true);
  return { rows: rows.names, classes, columns: everyLaunchColumn(state, market, policy, rows, rules), classOf };
}
