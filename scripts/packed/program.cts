import * as catalog from '@cloudoptim/catalog';
import { type ClusterState, parseQuantity } from '@cloudoptim/core';
import { BinpackEngine } from '@cloudoptim/engine-binpack';
import * as scheduling from '@cloudoptim/scheduling';
import * as snapshot from '@cloudoptim/snapshot';
import * as testkit from '@cloudoptim/testkit';

export const engineId: string = new BinpackEngine().id;
export const half: bigint = parseQuantity('500m');
export const podsOf = (state: ClusterState): ClusterState['pods'] => state.pods;
export const everything: readonly object[] = [catalog, scheduling, snapshot, testkit];
