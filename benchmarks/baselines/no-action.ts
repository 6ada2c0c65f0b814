import { createPriceBook, sumUsd } from '@cloudoptim/core';
import type { Baseline } from './baseline.js';

/** The cluster as it is. */
export const noAction: Baseline = (state, market) => {
  const book = createPriceBook(market);
  return {
    nodes: state.nodes.length,
    usdPerHour: sumUsd(state.nodes.map((node) => book.nodeUsdPerHour(node) ?? 0)),
    evictions: 0,
    unplaced: state.pods.node.filter((node) => node === -1).length,
  };
};
