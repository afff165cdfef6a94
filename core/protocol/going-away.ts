/** How our server closes its connections when it ends. Its sessions and their processes end with it. */
export const goingAway = { code: 1001, reason: "the server is shutting down" } as const;
