declare module 'asl-validator' {
  /** Adds `QueryLanguage` to the states of what it is given. */
  function validate(definition: unknown): { isValid: boolean; errorsText: (separator: string) => string }
  export = validate
}
