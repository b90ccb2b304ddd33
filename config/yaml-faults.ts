import type { ErrorCode } from "yaml";
import type { Problem } from "./problems";

/**
 * The library's messages quote the source, and a pre-shared key may stand there (`psk: *abc`, `psk: |abc`): these don't.
 */
export const YAML_FAULTS: Readonly<Record<ErrorCode, Pick<Problem, "rule" | "fix">>> = {
  ALIAS_PROPS: { rule: "must not give an alias an anchor or a tag", fix: "write the value out" },
  BAD_ALIAS: {
    rule: "must name an alias or anchor with letters and digits",
    fix: "put text that begins with * or & in quotes",
  },
  BAD_COLLECTION_TYPE: { rule: "must not have a tag of another type than the value", fix: "remove the tag" },
  BAD_DIRECTIVE: { rule: "must not have an unknown YAML directive", fix: "remove the line that begins with %" },
  BAD_DQ_ESCAPE: {
    rule: "must not have an unknown escape after a backslash",
    fix: "use single quotes or write the backslash twice",
  },
  BAD_INDENT: {
    rule: "must be indented as its neighbours are, and closed where it was opened",
    fix: "mend the indentation, or the bracket",
  },
  BAD_PROP_ORDER: { rule: "must have anchors and tags after the indicator", fix: "remove the anchor or tag" },
  BAD_SCALAR_START: {
    rule: "must not begin with a character that YAML keeps for itself",
    fix: "put the text in quotes",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    rule: "must not have a second mapping or list on the same line",
    fix: "begin a new line, or put the text in quotes",
  },
  BLOCK_IN_FLOW: {
    rule: "must not have indented lines inside { } or [ ]",
    fix: "close the bracket, or separate with commas",
  },
  DUPLICATE_KEY: { rule: "must not have a key twice", fix: "remove one" },
  IMPOSSIBLE: { rule: "must be well-formed YAML", fix: "mend the line" },
  KEY_OVER_1024_CHARS: { rule: "must not have a key of more than 1024 characters", fix: "is a colon missing?" },
  MISSING_CHAR: { rule: "must not lack a colon, comma, quote, bracket or space", fix: "add it here or just before" },
  MULTILINE_IMPLICIT_KEY: { rule: "must have a key and its colon on one line", fix: "add the colon that is missing" },
  MULTIPLE_ANCHORS: { rule: "must not have two anchors", fix: "remove one" },
  MULTIPLE_DOCS: { rule: "must be one document", fix: "remove the line --- and what follows" },
  MULTIPLE_TAGS: { rule: "must not have two tags", fix: "remove one" },
  NON_STRING_KEY: { rule: "must have text as keys", fix: "use a plain word as the key" },
  RESOURCE_EXHAUSTION: { rule: "must not be nested so deeply", fix: "is this the right file?" },
  TAB_AS_INDENT: { rule: "must not be indented with tabs", fix: "use spaces" },
  TAG_RESOLVE_FAILED: { rule: "must not have a YAML tag", fix: "put text that begins with ! in quotes" },
  UNEXPECTED_TOKEN: {
    rule: "must be well-formed YAML",
    fix: "look for a missing quote, comma or bracket here or just before",
  },
};
