/**
 * What is known of a node's room, as a row of 1 << 3 numbers, a cache line: what is free of it, in millicores, bytes, pods and bytes of
 * ephemeral storage, and allocatable millicores and bytes (infinite for none, since no share of that is ever free).
 */
export const nodeBits = 3;
export const cpuLeft = 0;
export const memoryLeft = 1;
export const podsLeft = 2;
export const storageLeft = 3;
export const allCpu = 4;
export const allMemory = 5;
