/** Which services are asked, and where. Pure. */
import { SERVICE_NAMES, type ServiceName } from './paper-record.ts';

export interface ScholarSettings {
  /** Base address by the name of a service that is asked; null: its own. */
  readonly services: ReadonlyMap<ServiceName, string | null>;
  /** Whom a service may write to about our requests. Empty: none is asked. */
  readonly mailto: string;
}

/**
 * Reads the items of SCHOLAR_SERVICES: names, `name=https://mirror.example/base`, or `off` alone.
 * @returns the faults as sentences, empty when there are none
 */
export function parseServices(items: readonly string[]): {
  readonly services: ScholarSettings['services'];
  readonly faults: readonly string[];
} {
  const services = new Map<ServiceName, string | null>();
  const faults: string[] = [];
  for (const item of items.length === 1 && items[0] === 'off' ? [] : items) {
    const equals = item.indexOf('=');
    const name = equals < 0 ? item : item.slice(0, equals);
    const baseUrl = equals < 0 ? null : item.slice(equals + 1).replace(/\/$/, '');
    if (!isServiceName(name)) faults.push(`${name} is none of ${SERVICE_NAMES.join(', ')}`);
    else if (baseUrl !== null && !/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? ''))
      faults.push(`the address of ${name} must begin with http:// or https://`);
    else services.set(name, baseUrl);
  }
  return { services, faults };
}

function isServiceName(name: string): name is ServiceName {
  return (SERVICE_NAMES as readonly string[]).includes(name);
}
