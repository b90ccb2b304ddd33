/** A shell script as text: the bundler and the tests' transform read the file, nothing runs it here. */
declare module "*.sh" {
  const text: string;
  export default text;
}
