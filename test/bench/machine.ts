import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

const GIBIBYTE = 1024 ** 3;

/** What the figures were measured on, and how busy it was with other things. */
export function machineLine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${(totalmem() / GIBIBYTE).toFixed(1)} GiB`;
  return `${availableParallelism()} cores (${model}), ${memory}, ${platform()} ${arch()}, Node ${process.version}`;
}

export function loadLine(): string {
  return `load average ${loadavg()
    .map((load) => load.toFixed(2))
    .join(' ')}`;
}
