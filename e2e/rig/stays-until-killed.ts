import { startControlPlane } from './control-plane.js';

// Run by rig.e2e.ts as a process of its own, which it then kills: nothing here may get the chance to clean up.
const { programs, folder } = await startControlPlane();
console.log(JSON.stringify({ pids: programs.map(({ pid }) => pid), folder }));
setInterval(() => {}, 1000);
