// What stands in the global scope of a rebuilt builder's pages.

declare global {
  interface Window {
    /** The runtime of the builder, which has members of its own beside those of Platform. */
    platform: any;
    /** The builder's server. */
    executeQuery(
      name: string,
      request: object,
    ): Promise<{ status: number; headers: Record<string, string>; text: string } | { unreachable: string }>;
  }
}

export {};
