/**
 * Cores, not the threads that each may run: two of them on one core only take turns at its arithmetic. Linux tells; elsewhere
 * Intel's and AMD's processors are taken to run two threads a core. Never more than this process may use.
 */
export function physicalCores(): number {
  const {availableParallelism} = process.getBuiltinModule('os');
  const available = availableParallelism();
  if (process.platform === 'linux') return Math.min(available, coresOfLinux() ?? available);
  return process.arch === 'x64' ? Math.max(1, Math.floor(available / 2)) : available;
}

function coresOfLinux(): number | undefined {
  const {readdirSync, readFileSync} = process.getBuiltinModule('fs');
  const folder = '/sys/devices/system/cpu';
  try {
    const siblings = readdirSync(folder)
      .filter((name) => /^cpu\d+$/.test(name))
      .map((name) => readFileSync(`${folder}/${name}/topology/thread_siblings_list`, 'utf8'));
    return siblings.length === 0 ? undefined : new Set(siblings).size;
  } catch {
    return undefined;
  }
}
