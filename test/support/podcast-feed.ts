/** A podcast's feed around the items that a test writes. */
export function podcastFeed(items: string, channel = ''): string {
  return `<?xml version="1.0"?><rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
    xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:podcast="https://podcastindex.org/namespace/1.0">
    <channel><title>Coast talk</title><language>en</language>${channel}${items}</channel></rss>`;
}
