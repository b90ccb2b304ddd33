// The bundler takes these in as text.
declare module "*.yaml" {
  const text: string;
  export default text;
}
