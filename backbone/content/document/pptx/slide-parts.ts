/** The slides of a presentation in the order in which they are shown, with what belongs to each. */
import { elementAt, elementsOf, type XmlElement } from '../../parsing/xml.ts';
import type { OoxmlPackage, Relationship } from '../ooxml/ooxml-package.ts';
import { placeholderPositions, type PlaceholderPositions } from './shapes.ts';

export interface SlideParts {
  /** 1-based, as the program counts: hidden slides too. */
  readonly number: number;
  readonly slide: XmlElement;
  readonly notes: XmlElement | null;
  readonly positions: PlaceholderPositions;
  /** Address by relationship id. */
  readonly links: ReadonlyMap<string, string>;
}

export class SlideReader {
  readonly #file: OoxmlPackage;
  readonly #layouts = new Map<string, PlaceholderPositions>();
  readonly #read = new Set<string>();

  constructor(file: OoxmlPackage) {
    this.#file = file;
  }

  /** Names of the slides' parts; an empty name where the file lists a slide that it does not hold. */
  async list(): Promise<readonly string[]> {
    const presentation = await this.#file.part(this.#file.mainPart);
    const list = presentation === null ? null : elementAt(presentation, 'p:sldIdLst');
    if (list === null) return [];
    const relationships = await this.#file.relationshipsOf(this.#file.mainPart);
    const targets = new Map(relationships.map(({ id, target }) => [id, target]));
    return elementsOf(list, 'p:sldId').map(
      ({ attributes }) => targets.get(attributes.get('r:id') ?? '') ?? '',
    );
  }

  /** Null when the file does not hold the slide, or lists it for the second time. */
  async read(part: string, number: number): Promise<SlideParts | null> {
    const slide = await this.#once(part);
    if (slide === null) return null;
    const relationships = await this.#file.relationshipsOf(part);
    const links = relationships.filter(({ type, external }) => type === 'hyperlink' && external);
    return {
      number,
      slide,
      notes: await this.#once(targetOf(relationships, 'notesSlide')),
      positions: await this.#positions(targetOf(relationships, 'slideLayout')),
      links: new Map(links.map(({ id, target }) => [id, target])),
    };
  }

  /** Many slides that refer to one large part must not multiply the work. */
  async #once(part: string): Promise<XmlElement | null> {
    if (this.#read.has(part)) return null;
    this.#read.add(part);
    return this.#file.part(part);
  }

  async #positions(layout: string): Promise<PlaceholderPositions> {
    const known = this.#layouts.get(layout);
    if (known !== undefined) return known;
    const master = targetOf(await this.#file.relationshipsOf(layout), 'slideMaster');
    const positions = placeholderPositions(await this.#file.part(layout), await this.#file.part(master));
    this.#layouts.set(layout, positions);
    return positions;
  }
}

function targetOf(relationships: readonly Relationship[], type: string): string {
  return relationships.find((relationship) => relationship.type === type)?.target ?? '';
}
