import { plain } from "../../libreswan/plain";

const REFUSAL = new Error("bug: a quote, line break or other special character was about to be written to a file");

describe("plain", () => {
  it("joins text and plain values", () => {
    expect(plain`conn ${"tokyo-aws-1"} ${12} 本館 2 階 50% $5 (a)`).toBe("conn tokyo-aws-1 12 本館 2 階 50% $5 (a)");
    expect(plain`${"本館 2 階, 50% of $5 (a)"}`).toBe("本館 2 階, 50% of $5 (a)");
  });

  it.each([
    ["a double quote", 'a"b'],
    ["a single quote", "a'b"],
    ["a backtick", "a`b"],
    ["a line feed", "a\nb"],
    ["a carriage return", "a\rb"],
    ["a NUL", "a\0b"],
    ["a tab", "a\tb"],
    ["an escape", "a\u001b[2Jb"],
    ["a C1 control", "a\u0085b"],
    ["a line separator", "a\u2028b"],
    ["a backslash", "a\\b"],
    ["a command substitution", "$(reboot)"],
    ["a template", "a${b}"],
  ])("refuses %s, and does not repeat it", (_, value) => {
    expect(() => plain`x ${value}`).toThrow(REFUSAL);
  });

  it("lets its own text hold quotes", () => {
    expect(plain`PSK "${"abc"}"`).toBe('PSK "abc"');
  });
});
