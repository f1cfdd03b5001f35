/** A plug-in cannot be used; the message says which one, why, and what to do. */
export class PluginError extends Error {
  override readonly name = "PluginError";
}
