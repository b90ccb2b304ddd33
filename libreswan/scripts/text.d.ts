/** Text as it stands in the file: the bundler and the tests' transform read it, nothing runs it here. */
declare module "*.sh" {
  const text: string;
  export default text;
}

declare module "*.tmpl" {
  const text: string;
  export default text;
}
