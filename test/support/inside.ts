import type { ManagerPorts } from '../../backbone/content/content-manager.ts';
import type { ContentType } from '../../backbone/content/content-type.ts';

export interface Inside {
  /** To be registered in place of the type given. */
  readonly type: ContentType;
  /** The backbone's own stores, once it has started. */
  readonly ports: () => ManagerPorts;
}

/** Looks into the stores of the backbone that a type is registered with: every type's manager gets the same ports. */
export function inside(type: ContentType): Inside {
  let seen: ManagerPorts | null = null;
  return {
    type: {
      ...type,
      createManager: (ports) => {
        seen = ports;
        return type.createManager(ports);
      },
    },
    ports: () => {
      if (seen === null) throw new Error('The backbone has not started');
      return seen;
    },
  };
}
