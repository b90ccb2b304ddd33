import { styleText } from "node:util";
import type { Io } from "./io";

type Style = Parameters<typeof styleText>[0];

/** Colour where the terminal has it, the text itself where not. */
export function paint({ hasColor }: Pick<Io, "hasColor">, style: Style, text: string): string {
  return hasColor ? styleText(style, text, { validateStream: false } as never) : text;
}
