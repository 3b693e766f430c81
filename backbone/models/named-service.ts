import { AppError } from '../errors.ts';

const SERVICE = /^(?:openai\+)?https?:/i;

/**
 * What a setting opens that names no service or an OpenAI-compatible one: null for `none`, else by `http(s)://` or
 * `openai+http(s)://`. @throws AppError config_invalid for anything else, and as `open` does
 */
export function openNamedService<Service>(
  setting: string,
  url: string,
  open: (url: string) => Service,
): Service | null {
  if (url === 'none') return null;
  if (SERVICE.test(url)) return open(url);
  throw new AppError('config_invalid', {
    params: { faults: `${setting}: it must be none, or begin with http:// or https://` },
  });
}
