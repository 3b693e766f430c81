import { afterAll, beforeAll } from '@jest/globals';
import { CONTENT_TYPES } from '../../backbone/content/content-types.ts';
import { describeContentType, type ContentFixture } from '../contract/content-type.contract.ts';
import { startBackbone, type TestBackbone } from '../support/backbone.ts';
import { inside } from '../support/inside.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { scriptedType } from '../support/scripted-type.ts';

/** The fixture of a type stands in a file that is named as the type's folder is. */
const fixtureOf = async (type: string): Promise<ContentFixture> => {
  const name = type.replaceAll('_', '-');
  const module = (await import(`../fixtures/contents/${name}.ts`)) as { readonly fixture: ContentFixture };
  return module.fixture;
};
const fixtures = new Map<string, ContentFixture>();
for (const { type } of CONTENT_TYPES) fixtures.set(type, await fixtureOf(type));

const insider = inside(scriptedType());
let site: LoopbackSite;
let backbone: TestBackbone;

beforeAll(async () => {
  site = await startSite();
  const settings = [...fixtures.values()].map((fixture) => fixture.settings?.(site) ?? {});
  backbone = await startBackbone({
    types: [insider.type],
    env: Object.assign({ FETCH_DELAY_MS: '0' }, ...settings) as Record<string, string>,
  });
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

for (const type of CONTENT_TYPES) {
  const fixture = fixtures.get(type.type);
  if (!fixture) throw new Error(`There is no fixture of ${type.type}`);
  describeContentType(type, fixture, { site: () => site, backbone: () => backbone, insider });
}
