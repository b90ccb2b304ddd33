declare module "@fnproject/fdk" {
  interface Fdk {
    /** Listens on FN_LISTENER. @returns what closes it again */
    handle(
      handler: (input: Buffer, context: import("./fdk-context").FunctionContext) => Promise<object>,
      options: { inputMode: "buffer" },
    ): () => void;
  }
  const fdk: Fdk;
  export default fdk;
}
