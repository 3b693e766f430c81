/** Products, as pages describe them in structured data and OpenGraph. Pure. */
import { hasType, typesOf, type JsonLdNode } from './json-ld.ts';
import { PRODUCT_TYPES } from './main-node.ts';
import type { MetaTags } from './page-facts.ts';
import { decimalIn, factIn, linesOf, nodesIn, ratioIn } from './structured-values.ts';

/** Absent facts are null. */
export interface Product {
  readonly brand: string | null;
  readonly sku: string | null;
  readonly gtin: string | null;
  /** The price, or the lowest of several. */
  readonly price: number | null;
  /** The highest of several prices. */
  readonly highPrice: number | null;
  /** ISO 4217. */
  readonly currency: string | null;
  /** In the vocabulary's word: `InStock`, `OutOfStock`. */
  readonly availability: string | null;
  readonly rating: number | null;
  readonly bestRating: number | null;
  readonly ratingCount: number | null;
}

export interface DescribedProduct {
  readonly facts: Product;
  readonly description: readonly string[];
  /** Names and values of further properties. */
  readonly properties: readonly (readonly [name: string, value: string])[];
}

const GTINS = ['gtin', 'gtin13', 'gtin14', 'gtin12', 'gtin8', 'isbn'];
/** A shop's list describes as many. */
const MANY = 3;
const MOST_PRICES = 1000;

/** The one product of a page. `main` is the node that is about the page, if there is one. Null when it lists several. */
export function productOf(
  nodes: readonly JsonLdNode[],
  main: JsonLdNode | null,
  meta: MetaTags,
): DescribedProduct | null {
  const isMain = main !== null && hasType(main, PRODUCT_TYPES);
  const products = nodes.filter((node) => hasType(node, PRODUCT_TYPES));
  const node = isMain ? main : products.length < MANY ? products[0] : undefined;
  const hasPrice = meta.first('product:price:amount', 'og:price:amount') !== null;
  if (node === undefined && !hasPrice) return null;
  const described = node ?? {};
  return {
    facts: factsOf(described, meta),
    description: linesOf(described['description']),
    properties: nodesIn(described['additionalProperty']).flatMap((property) => {
      const name = factIn(property['name']);
      const value = factIn(property['value']);
      return name === null || value === null ? [] : [[name, value] as const];
    }),
  };
}

function factsOf(node: JsonLdNode, meta: MetaTags): Product {
  const offers = nodesIn(node['offers']);
  const prices = offers.flatMap(pricesIn).slice(0, MOST_PRICES);
  const tag = (...names: readonly string[]): string | null => meta.first(...names)?.value ?? null;
  const price =
    prices.length > 0 ? Math.min(...prices) : decimalIn(tag('product:price:amount', 'og:price:amount'));
  const highPrice = Math.max(...prices);
  const [rating] = nodesIn(node['aggregateRating']);
  return {
    brand: factIn(node['brand']) ?? factIn(tag('product:brand')),
    sku: factIn(node['sku']) ?? factIn(node['mpn']),
    gtin: GTINS.map((name) => factIn(node[name])).find((gtin) => gtin !== null) ?? null,
    price,
    highPrice: price !== null && highPrice > price ? highPrice : null,
    currency: currencyIn([
      ...offers.flatMap((offer) => [
        offer['priceCurrency'],
        ...specifications(offer).map((one) => one['priceCurrency']),
      ]),
      tag('product:price:currency', 'og:price:currency'),
    ]),
    availability: availabilityIn([
      ...offers.map((offer) => offer['availability']),
      tag('product:availability', 'og:availability'),
    ]),
    rating: ratioIn(rating?.['ratingValue']),
    bestRating: ratioIn(rating?.['bestRating']),
    ratingCount: decimalIn(rating?.['ratingCount'] ?? rating?.['reviewCount']),
  };
}

function pricesIn(offer: JsonLdNode): number[] {
  const isAggregate = typesOf(offer).includes('aggregateoffer');
  const values = isAggregate
    ? [offer['lowPrice'], offer['highPrice'], offer['price']]
    : [offer['price'], ...specifications(offer).map((one) => one['price'])];
  return values.flatMap((value) => decimalIn(value) ?? []);
}

function specifications(offer: JsonLdNode): readonly JsonLdNode[] {
  return nodesIn(offer['priceSpecification']);
}

function currencyIn(values: readonly unknown[]): string | null {
  const codes = values.map((value) => factIn(value)?.toUpperCase() ?? '');
  return codes.find((code) => /^[A-Z]{3}$/.test(code)) ?? null;
}

function availabilityIn(values: readonly unknown[]): string | null {
  const words = values.map((value) => factIn(value)?.replace(/^.*[/#:]/, '') ?? '');
  return words.find((word) => /^[a-z ]{3,40}$/i.test(word)) ?? null;
}
