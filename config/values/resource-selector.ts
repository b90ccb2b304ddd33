import { parsePlainText } from "./plain-text";
import { ValueError } from "./value-error";

/** How an EC2 resource is found: by its id, by its Name tag, or by any tag, written `key=value`. */
export type ResourceSelector = string & { readonly __type: "ResourceSelector" };

/** EC2's filter by id, by the id's prefix. */
const ID_FILTERS = {
  i: "instance-id",
  rtb: "route-table-id",
  sg: "group-id",
  subnet: "subnet-id",
  vpc: "vpc-id",
} as const;

export type ResourcePrefix = keyof typeof ID_FILTERS;

const ID_PATTERN = /^(i|rtb|sg|subnet|vpc)-[0-9a-f]{8,17}$/;

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions (a tag's value) */
const MOST_CHARACTERS = 256;

/**
 * EC2's filters take `*` and `?` as wildcards: a name that holds one would find other resources too.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 * @throws ValueError
 */
export function parseResourceSelector(prefix: ResourcePrefix): (text: string) => ResourceSelector {
  return (text) => {
    const example = `use a Name tag, a tag as key=value, or an id as ${prefix}-0123456789abcdef0`;
    const [, found] = ID_PATTERN.exec(text) ?? [];
    if (found !== undefined && found !== prefix)
      throw new ValueError(`must not be the id of another resource`, example);
    if (text === "" || text !== text.trim() || text.startsWith("=") || text.endsWith("="))
      throw new ValueError("must name a resource", example);
    if (/[*?]/.test(text)) throw new ValueError("must hold no wildcard", example);
    if (text.length > MOST_CHARACTERS)
      throw new ValueError(`must be at most ${MOST_CHARACTERS} characters`, "shorten it");
    return parsePlainText(text) as ResourceSelector;
  };
}

export function isResourceId(selector: string): boolean {
  return ID_PATTERN.test(selector);
}

/** The tag that a selector names; none where it is an id. */
export function selectorTag(selector: string): { readonly key: string; readonly value: string } | undefined {
  if (isResourceId(selector)) return undefined;
  const at = selector.indexOf("=");
  return at < 0 ? { key: "Name", value: selector } : { key: selector.slice(0, at), value: selector.slice(at + 1) };
}

/** The filter that EC2's Describe calls take. */
export function selectorFilter(selector: string): { Name: string; Values: string[] } {
  const tag = selectorTag(selector);
  if (tag) return { Name: `tag:${tag.key}`, Values: [tag.value] };
  return { Name: ID_FILTERS[selector.slice(0, selector.indexOf("-")) as ResourcePrefix], Values: [selector] };
}
