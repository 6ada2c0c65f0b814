/**
 * What is known by pod, as a row of 1 << 3 numbers, half a cache line: its template, one more than the node that it is on (0 for none), and
 * its class of labels.
 */
export const rowBits = 3;
export const ofTemplate = 0;
export const onNode = 1;
export const ofClass = 2;
/** The pods that came to the node just before and just after it; see PodsOnNodes. */
export const before = 3;
export const after = 4;
/** The pod of the same class that came before it; see Counting. */
export const older = 5;
export const ofWorkload = 6;
/** 1 when it has something of its own. */
export const hasOwn = 7;
