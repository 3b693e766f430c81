/** What the script offers to tests. */
export interface Surroundings {
  readonly root: string;
  readonly nodeVersion: string;
  readonly npmCli: string | undefined;
}

export type Plan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refuse' | 'install'; readonly sentence: string };

export declare function planInstallation(surroundings: Surroundings): Plan;
export declare function stateOfPackages(root: string): 'complete' | 'missing' | 'outdated';

/** Answers the exit code. */
export declare function ensureInstalled(surroundings: {
  readonly root: string;
  readonly nodeVersion: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
}): number;
