import type { ActionModel, ObjectType } from "../model/model.ts";

/** The messages of an action, request first. */
export function messagesOf({ request, response }: ActionModel): ObjectType[] {
  return response === undefined ? [request] : [request, response];
}
