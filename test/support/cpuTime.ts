/**
 * Milliseconds that this thread has computed so far. Unlike the time on the clock they don't grow while
 * others have the CPU: what must not take long, or hold nobody up, is measured by them.
 */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
