/** Small pages, one of each kind, made for tests. */
const page = (title: string, head: string, main: string): string =>
  `<!doctype html><html lang="en"><head><title>${title}</title>${head}</head><body><nav><a href="/">Home</a></nav><main><h1>${title}</h1>${main}</main><footer>All rights reserved.</footer></body></html>`;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

/** `more` stands in each post. */
export function threadPage(posts: number, more = ''): string {
  const post = (number: number): string => {
    const day = String(((number - 1) % 28) + 1).padStart(2, '0');
    return `<article class="message" id="post-${number}"><div class="message-user"><a class="username" href="/u/${number}">Member ${number}</a></div><time datetime="2024-05-${day}T08:30:00Z">in May</time><div class="message-body"><p>Answer number ${number}: air pressure is lower up there, so the dough rises faster and falls again.</p>${more === '' ? '' : `<p>${more}</p>`}</div><div class="signature">Sent from my oven</div></article>`;
  };
  return page(
    'Bread in the mountains',
    '<meta name="generator" content="XenForo">',
    numbers(posts).map(post).join(''),
  );
}

export function productPage(): string {
  const data = {
    '@type': 'Product',
    name: 'Kettle K2',
    description: 'Made of recycled steel in a small workshop.',
    brand: { '@type': 'Brand', name: 'Hearth' },
    sku: 'K2-7',
    offers: {
      '@type': 'Offer',
      price: '1.299,50',
      priceCurrency: 'EUR',
      availability: 'https://schema.org/InStock',
    },
    aggregateRating: { '@type': 'AggregateRating', ratingValue: '4.625', reviewCount: 12 },
    additionalProperty: [{ '@type': 'PropertyValue', name: 'Cable', value: '2 m' }],
  };
  return page(
    'Kettle K2',
    `<script type="application/ld+json">${JSON.stringify(data)}</script>`,
    '<p>The K2 boils a litre of water in ninety seconds and keeps it warm for an hour, without the noise of its forerunner.</p><table><tr><th>Volume</th><td>1.2 l</td></tr><tr><th>Power</th><td>2200 W</td></tr></table>',
  );
}

export function recipePage(): string {
  return page(
    'Sunday rolls',
    '',
    `<p>My grandmother baked them every Sunday, and the whole street came by to ask for one while they were still warm.</p>
<div itemscope itemtype="https://schema.org/Recipe"><meta itemprop="name" content="Sunday rolls"><span itemprop="recipeYield">12 rolls</span><time itemprop="totalTime" datetime="PT45M">45 minutes</time>
<ul><li itemprop="recipeIngredient">500 g flour</li><li itemprop="recipeIngredient">1 egg</li><li itemprop="recipeIngredient">20 g yeast</li></ul>
<div itemprop="recipeInstructions"><p>Mix all of it in a large bowl.</p><p>Wait for an hour until it has doubled.</p><p>Bake the rolls until they are brown.</p></div></div>`,
  );
}

export function listingPage(): string {
  const entry = (number: number): string =>
    `<li class="entry"><h2><a href="/walk/${number}">Walk number ${number}</a></h2><p>Three days, two huts and a very stubborn goat on walk ${number}.</p><a href="/walk/${number}">Read more</a></li>`;
  return page('All walks', '', `<ul>${numbers(6).map(entry).join('')}</ul>`);
}

export function manualPage(): string {
  const part = (number: number): string =>
    `<h2>Setting ${number}</h2><p>Tidepool reads setting ${number} once at its start, and refuses to run when it does not know the value.</p><pre><code class="language-yaml">setting: ${number}</code></pre>`;
  return page(
    'Settings',
    '<meta name="generator" content="Docusaurus v3.1">',
    `${numbers(3).map(part).join('')}<table><tr><th>Name</th><th>Meaning</th></tr><tr><td>port</td><td>Where the server listens</td></tr></table>`,
  );
}
