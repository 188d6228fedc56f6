/** Below our address; the provider has to know it. */
export const callbackPath = '/sign-in/callback'
