import ipaddr from 'ipaddr.js';
import { AppError } from '../errors.ts';

/**
 * What an IP address is, after unwrapping whatever IPv4 address it carries.
 * `public` is globally routable unicast; every other class is refused unless a setting names its network.
 */
export type AddressClass =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link_local'
  | 'carrier_nat'
  | 'metadata'
  | 'unspecified'
  | 'multicast'
  | 'broadcast'
  | 'reserved'
  | 'tunnel'
  | 'not_an_address';

/** A CIDR network; opaque to callers, made by `parseNetwork`. */
export type Network = readonly [Address, number];
type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The end of a sentence for a person: "the address leads to a place that must not be reached: ...". */
export const CLASS_REASONS: Readonly<Record<AddressClass, string>> = {
  public: 'it is on the public internet',
  loopback: 'it is this machine itself',
  private: 'it is in a private network',
  link_local: 'it is on the local link only',
  carrier_nat: 'it is in the inner network of an internet provider',
  metadata: 'it is the metadata service of a cloud',
  unspecified: 'it is no place at all',
  multicast: 'it is a multicast group',
  broadcast: 'it is a broadcast address',
  reserved: 'it is in a reserved range',
  tunnel: 'it leads through a tunnel to another address',
  not_an_address: 'it does not resolve to a usable address',
};

/**
 * Services that hand credentials of the machine to whoever asks: AWS, GCP and Azure IMDS, ECS and EKS
 * credentials, Alibaba, Oracle, Azure WireServer. No content lives there, so no setting opens them.
 */
const METADATA_SERVICES = new Set(
  [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
  ].map((text) => ipaddr.parse(text).toString()),
);

/** Classes by the range names of ipaddr.js, which follow the IANA special-purpose registries; `unicast` is decided apart. */
const RANGE_CLASSES: Readonly<Record<string, AddressClass>> = {
  unspecified: 'unspecified',
  broadcast: 'broadcast',
  multicast: 'multicast',
  linkLocal: 'link_local',
  loopback: 'loopback',
  carrierGradeNat: 'carrier_nat',
  private: 'private',
  uniqueLocal: 'private',
  deprecatedSiteLocal: 'private',
};

/** The only part of the IPv6 space that IANA hands out as global unicast. */
const GLOBAL_UNICAST: Network = ipaddr.parseCIDR('2000::/3');

/** Classifies a textual address, as DNS or a URL gives it. Never throws: what is no address is refused like one. */
export function classifyAddress(text: string): AddressClass {
  const address = parseAddress(text);
  return address ? classify(address) : 'not_an_address';
}

/** True when the text is an IPv4 address in four decimal parts or an IPv6 address without brackets and zone. */
export function isAddress(text: string): boolean {
  return parseAddress(text) !== null;
}

/** One spelling for each address, an IPv4-mapped one as its IPv4 address; null when the text is no address. */
export function canonicalAddress(text: string): string | null {
  return parseAddress(text)?.toString() ?? null;
}

/** True when one of the networks holds the address; an IPv4-mapped address counts as its IPv4 address. */
export function inNetworks(text: string, networks: readonly Network[]): boolean {
  const address = parseAddress(text);
  return address !== null && networks.some((network) => contains(network, address));
}

/**
 * `10.0.0.0/8`, `fd00::/8`, or one address without a prefix length.
 * Bits to the right of the prefix do not matter. @returns null when the text is no network
 */
export function parseNetwork(text: string): Network | null {
  const [base = '', length, ...rest] = text.trim().split('/');
  const address = parseAddress(base);
  if (!address || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return null;
  const width = address.toByteArray().length * 8;
  const prefix = length === undefined ? width : Number(length);
  return prefix > width ? null : [address, prefix];
}

/** True when every address of the network is this machine itself. */
export function isLoopbackNetwork([base, prefix]: Network): boolean {
  return base.range() === 'loopback' && prefix >= (base.kind() === 'ipv4' ? 8 : 128);
}

/** @throws AppError config_invalid naming the setting and every entry that is no network. */
export function parseNetworks(list: readonly string[], setting: string): readonly Network[] {
  const parsed = list.map((text) => ({ text, network: parseNetwork(text) }));
  const wrong = parsed.filter((entry) => entry.network === null).map((entry) => entry.text);
  if (wrong.length > 0) {
    const faults = `${setting} has entries that are no networks: ${wrong.join(', ')}`;
    throw new AppError('config_invalid', { params: { faults } });
  }
  return parsed.flatMap((entry) => (entry.network ? [entry.network] : []));
}

/** IPv4 in its one canonical spelling only: what a resolver returns is never octal or shortened. */
function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (text.includes('%') || !ipaddr.IPv6.isValid(text)) return null;
  // ipaddr.js reads the IPv4-compatible `::1.2.3.4`, which resolvers print, as the mapped `::ffff:1.2.3.4`.
  const compatible = /^::\d+\./.test(text);
  const { parts } = ipaddr.IPv6.parse(text);
  const address = new ipaddr.IPv6(compatible ? [0, 0, 0, 0, 0, 0, ...parts.slice(6)] : parts);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function classify(address: Address): AddressClass {
  if (METADATA_SERVICES.has(address.toString())) return 'metadata';
  return address instanceof ipaddr.IPv6 ? classifyV6(address) : classifyV4(address);
}

function classifyV4(address: ipaddr.IPv4): AddressClass {
  const range = address.range();
  return range === 'unicast' ? 'public' : (RANGE_CLASSES[range] ?? 'reserved');
}

function classifyV6(address: ipaddr.IPv6): AddressClass {
  const carried = carriedAddresses(address);
  if (carried) return classifyCarrier(carried);
  const range = address.range();
  if (range !== 'unicast') return RANGE_CLASSES[range] ?? 'reserved';
  return contains(GLOBAL_UNICAST, address) ? 'public' : 'reserved';
}

interface Carried {
  readonly addresses: readonly ipaddr.IPv4[];
  /** True where the carrier itself is met on today's internet; the other mechanisms are history and only serve evasion. */
  readonly routable: boolean;
}

function classifyCarrier({ addresses, routable }: Carried): AddressClass {
  const classes = addresses.map(classify);
  if (classes.includes('metadata')) return 'metadata';
  return classes.find((one) => one !== 'public') ?? (routable ? 'public' : 'tunnel');
}

/** The IPv4 addresses inside an IPv6 address that stands for a host of the IPv4 world, or null for an ordinary one. */
function carriedAddresses(address: ipaddr.IPv6): Carried | null {
  const { parts } = address;
  const [p0, p1, p2, p3, p4, p5, p6, p7] = parts as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const last = v4(p6, p7);
  const prefix = parts
    .slice(0, 6)
    .map((part) => part.toString(16))
    .join(':');
  // IPv4-compatible (RFC 4291); :: and ::1 are classes of their own.
  if (prefix === '0:0:0:0:0:0') return p6 === 0 && p7 <= 1 ? null : { addresses: [last], routable: false };
  if (prefix === '0:0:0:0:ffff:0') return { addresses: [last], routable: false }; // translated (RFC 7915)
  if (prefix === '64:ff9b:0:0:0:0') return { addresses: [last], routable: true }; // NAT64 (RFC 6052), met behind DNS64
  if (prefix.startsWith('64:ff9b:1:')) {
    // NAT64 for local use (RFC 8215): the carried address stands where its operator's prefix length puts it.
    const layouts = [
      last,
      v4(p3, split(p4, p5)),
      v4(((p3 & 0xff) << 8) | (p4 & 0xff), p5),
      v4(split(p4, p5), split(p5, p6)),
    ];
    return { addresses: layouts, routable: false };
  }
  if (p0 === 0x2002) return { addresses: [v4(p1, p2)], routable: false }; // 6to4 (RFC 3056)
  // Teredo (RFC 4380): the server's address, and the client's with every bit inverted.
  if (p0 === 0x2001 && p1 === 0) {
    return { addresses: [v4(p2, p3), v4(p6 ^ 0xffff, p7 ^ 0xffff)], routable: false };
  }
  // ISATAP (RFC 5214): an interface identifier under any prefix, so an ordinary address too may carry it.
  if ((p4 & 0xfdff) === 0 && p5 === 0x5efe) return carriedByIsatap(address, last);
  return null;
}

function carriedByIsatap(address: ipaddr.IPv6, carried: ipaddr.IPv4): Carried | null {
  const ordinary = address.range() === 'unicast' && contains(GLOBAL_UNICAST, address);
  return ordinary || classify(carried) === 'metadata' ? { addresses: [carried], routable: ordinary } : null;
}

/** The low byte of one part and the high byte of the next: layouts of RFC 6052 step over bits 64 to 71. */
function split(left: number, right: number): number {
  return ((left & 0xff) << 8) | (right >> 8);
}

function v4(high: number, low: number): ipaddr.IPv4 {
  return new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
}

function contains([base, prefix]: Network, address: Address): boolean {
  return base.kind() === address.kind() && address.match(base, prefix);
}
